/** Hours for which a link to an image works after it was made, as the API documents it. */
export const LINK_HOURS = 24;
