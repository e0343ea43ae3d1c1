import { identifyFile } from '../../nodes/Vtrix/core/imageFile/identifyFile';
import { fileKind } from '../../nodes/Vtrix/core/imageFile/fileKind';
import { readMediaType } from '../../nodes/Vtrix/core/imageFile/mediaKind';
import { readMediaSize } from '../../nodes/Vtrix/core/imageFile/mediaSize';
import { growth, LINEAR } from '../support/growth';
import { MEDIA_KINDS, mediaSample, mediaType, SAMPLE_SIZE } from '../standin/media/mediaSamples';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const identified = (bytes: Buffer, contentType = '', path = '/1') =>
	Object.values(identifyFile(bytes, { contentType, path })).join(' ');

describe('the kind of a file', () => {
	test.each(MEDIA_KINDS.filter((kind) => !['bin', 'txt'].includes(kind)))(
		'%s is told by its bytes, whatever its server says',
		async (kind) => {
			const type = { extension: kind, mimeType: mediaType(kind).split(';')[0] };
			const sample = await mediaSample(kind);
			expect(readMediaType(sample)).toEqual(type);
			expect(identifyFile(sample, { contentType: 'text/plain', path: '/1' })).toEqual(type);
		},
	);

	test.each([
		['\0\0\0\x20ftypM4A \0\0\0\0isom', 'm4a audio/mp4'],
		['\0\0\0\x20ftypM4V \0\0\0\0isom', 'm4v video/x-m4v'],
		['\0\0\0\x20ftyp3gp5\0\0\0\0isom', '3gp video/3gpp'],
		['\0\0\0\x08wide\0\0\0\0mdat', 'mov video/quicktime'],
		['\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif', 'avif image/avif'],
		['\0\0\0\x1cftypmif1\0\0\0\0mif1heic', 'heic image/heic'],
		['\xff\n\x12\x34', 'jxl image/jxl'],
		['RIFF\x10\0\0\0AVI LIST', 'avi video/x-msvideo'],
		['RF64\xff\xff\xff\xffWAVEds64', 'wav audio/wav'],
		[`OggS\0\x02${'\0'.repeat(21)}\x2a\x80theora`, 'ogv video/ogg'],
		[`OggS\0\x02${'\0'.repeat(21)}\x13OpusHead`, 'ogg audio/ogg'],
		['\xff\xfb\x90\x64\0\0', 'mp3 audio/mpeg'],
		['\x1aE\xdf\xa3\xa3B\x82\x88matroska', 'mkv video/x-matroska'],
		['glTF\x02\0\0\0', 'glb model/gltf-binary'],
		['\x1f\x8b\x08\0', 'gz application/gzip'],
		['MThd\0\0\0\x06', 'mid audio/midi'],
		['\xef\xbb\xbf<svg width="9" height="9"></svg>', 'svg image/svg+xml'],
		[
			'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg></svg>',
			'svg image/svg+xml',
		],
		['<!-- by hand -->\n<svg:svg xmlns:svg="x"></svg:svg>', 'svg image/svg+xml'],
		['<?xml version="1.0"?><rss></rss>', 'xml application/xml'],
		['<!DOCTYPE html><html><svg></svg></html>', 'html text/html'],
		['<!-- saved --><HTML lang="en">', 'html text/html'],
		['[1, 2, 3]', 'json application/json'],
		['\ufeff{"a": 1}'.replace('\ufeff', '\xef\xbb\xbf'), 'json application/json'],
	])('of %j is %s', (bytes, type) => expect(identified(latin1(bytes))).toBe(type));

	test.each([
		['a line of text', 'txt text/plain'],
		['[intro] a line', 'txt text/plain'],
		['{ a: 1 }', 'txt text/plain'],
		['was for free', 'txt text/plain'],
		['\x01\x02\x03', 'bin application/octet-stream'],
		['\xff\xfet\0e\0x\0t\0', 'bin application/octet-stream'],
		['\0\0\x02', 'bin application/octet-stream'],
	])('that nothing tells is %s: %j', (bytes, type) => expect(identified(latin1(bytes))).toBe(type));

	test.each([
		['\x01\x02', 'model/vnd.usdz+zip', '/1', 'usdz model/vnd.usdz+zip'],
		['\x01\x02', 'video/x-foo', '/1', 'foo video/x-foo'],
		['\x01\x02', 'application/x-thing', '/clip.THG', 'thg application/x-thing'],
		['\x01\x02', 'application/octet-stream', '/a/model.stl', 'stl application/octet-stream'],
		['\x01\x02', 'binary; no type', '/1', 'bin application/octet-stream'],
		['\x01\x02', 'text/html', '/1', 'bin application/octet-stream'],
		['a,b\n1,2', 'text/csv; charset=utf-8', '/1', 'csv text/csv'],
		['a line', 'video/mp4', '/1', 'txt text/plain'],
		['o cube', '', '/cube.obj', 'obj text/plain'],
		['{"asset": {}}', 'model/gltf+json', '/1', 'gltf model/gltf+json'],
		[
			'PK\x03\x04',
			'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
			'/1',
			'docx application/vnd.openxmlformats-officedocument.wordprocessingml.document',
		],
	])('that bytes don’t tell is what its server calls it: %j as %s', (bytes, type, path, told) =>
		expect(identified(latin1(bytes), type, path)).toBe(told),
	);

	test('is told in a time that goes by its length at most', async () => {
		const tell = (size: number) => {
			const texts = ['<!--', '<?xml', '[', ' a'].map((part) => part.repeat(size));
			for (const text of [...texts, `<svg${texts.at(-1)}`]) {
				readMediaType(latin1(text));
				readMediaSize(latin1(text), { extension: 'svg', mimeType: '' });
				readMediaSize(latin1('ispe'.repeat(size)), { extension: 'avif', mimeType: '' });
			}
		};
		const { factor } = await growth(tell, 20_000);
		expect(factor).toBeLessThan(LINEAR);
	});
});

describe('the pixels of a file', () => {
	test.each(['avif', 'heic', 'svg'] as const)('are told of a picture: %s', async (extension) => {
		const sample = await mediaSample(extension);
		expect(readMediaSize(sample, { extension, mimeType: '' })).toEqual(SAMPLE_SIZE);
	});

	test.each([
		['<svg width="12.4" height="30px" viewBox="0 0 1 1">', { width: 12, height: 30 }],
		["<svg height='30' xmlns='x' width='12'>", { width: 12, height: 30 }],
		['<svg width="100%" height="100%" viewBox="-5 -5, 12 30">', { width: 12, height: 30 }],
		['<svg width="12">', {}],
		['<svg viewBox="none">', {}],
		['<svg>', {}],
	])('of the drawing %s are %j', (text, size) => {
		expect(readMediaSize(latin1(text), { extension: 'svg', mimeType: '' })).toEqual(size);
	});

	test('are not made up for a video', async () => {
		const sample = await mediaSample('mp4');
		expect(readMediaSize(sample, { extension: 'mp4', mimeType: '' })).toEqual({});
	});
});

describe('a file that is called by what it is', () => {
	const branded = (major: string, ...compatible: string[]): Buffer => {
		const brands = [major, '\0\0\0\0', ...compatible].join('');
		return Buffer.from(`\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}`, 'latin1');
	};
	test.each([
		['AVIF', branded('avif', 'mif1', 'miaf'), 'an AVIF image', 'image/avif'],
		['AVIF under mif1', branded('mif1', 'miaf', 'MA1B', 'avif'), 'an AVIF image', 'image/avif'],
		['AVIF under msf1', branded('msf1', 'mif1', 'avis'), 'an AVIF image', 'image/avif'],
		['AVIF under miaf', branded('miaf', 'mif1', 'avif'), 'an AVIF image', 'image/avif'],
		['AVIF under its profile', branded('MA1A', 'mif1', 'avif'), 'an AVIF image', 'image/avif'],
		['HEIC', branded('heic', 'mif1'), 'a HEIC photo', 'image/heic'],
		['HEIC under mif1', branded('mif1', 'heic'), 'a HEIC photo', 'image/heic'],
		['HEIF without a coding', branded('mif1', 'miaf'), 'a HEIC photo', 'image/heif'],
		['a film', branded('isom', 'iso2', 'avc1', 'mp41'), 'a video', 'video/mp4'],
		['a song', Buffer.from('ID3\x04'), 'an audio file', 'audio/mpeg'],
		['BigTIFF', Buffer.from('II+\0\x08\0\0\0'), 'a BigTIFF image', 'image/tiff'],
		['a table', Buffer.from('a,b\n1,2'), 'text', undefined],
	])('%s', (_, bytes, name, mimeType) => {
		expect(fileKind(bytes)?.name).toBe(name);
		expect(readMediaType(bytes)?.mimeType).toBe(mimeType);
	});
});
