import type { Scene, Studio } from './studio';

const openSaved = async ({ at, editor }: Studio, changed: Record<string, string>) => {
	const data = { apiKey: at.standIn.apiKey, baseUrl: at.standIn.url, ...changed };
	const { id } = await at.n8n.credentials.create('vtrixApi', data, 'Vtrix account');
	await editor.openCredential(id);
	await editor.seeVerdict();
	return editor.credentialDialog;
};

const saved = (name: string, changed: Record<string, string>, theme?: 'dark'): Scene => ({
	name: `credential-${name}`,
	...(theme && { theme }),
	arrange: async (studio) => await openSaved(studio, changed),
});

/** The credential dialog: new, good, and with each thing that can be wrong. */
export const credentials: Scene[] = [
	{
		name: 'credential-new',
		async arrange({ editor }) {
			await editor.openNewCredential('Vtrix API');
			return editor.credentialDialog;
		},
	},
	saved('good', {}),
	saved('good-dark', {}, 'dark'),
	saved('wrong-key', { apiKey: 'sk-not-mine' }),
	saved('wrong-host', { baseUrl: 'http://127.0.0.1:9' }),
	saved('wrong-url', { baseUrl: 'http://cloud.vtrix.ai' }),
];
