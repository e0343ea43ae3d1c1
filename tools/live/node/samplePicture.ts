import sharp from 'sharp';

/** A robot's head, since models that edit look for a single subject. */
const ROBOT = `<svg xmlns="http://www.w3.org/2000/svg" width="768" height="768" viewBox="0 0 96 96">
<rect width="96" height="96" fill="#f2ede4"/>
<rect x="46" y="8" width="4" height="12" fill="#5b6b7a"/><circle cx="48" cy="8" r="5" fill="#e4572e"/>
<rect x="12" y="44" width="10" height="18" rx="4" fill="#5b6b7a"/>
<rect x="74" y="44" width="10" height="18" rx="4" fill="#5b6b7a"/>
<rect x="20" y="20" width="56" height="60" rx="12" fill="#7fa6c4"/>
<circle cx="36" cy="44" r="9" fill="#fff"/><circle cx="60" cy="44" r="9" fill="#fff"/>
<circle cx="37" cy="45" r="4" fill="#22303c"/><circle cx="61" cy="45" r="4" fill="#22303c"/>
<path d="M34 64 q14 10 28 0" fill="none" stroke="#22303c" stroke-width="4" stroke-linecap="round"/>
</svg>`;

let drawn: Promise<Buffer> | undefined;

/** The picture that is edited: a JPEG of 768 × 768, the same bytes at every call. */
export async function samplePicture(): Promise<Buffer> {
	drawn ??= sharp(Buffer.from(ROBOT)).jpeg({ quality: 90 }).toBuffer();
	return await drawn;
}
