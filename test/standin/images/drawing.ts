import sharp from 'sharp';

import { seededRandom } from '../random';

// drawings are kept by pictureCache; libvips' own cache would only hold memory
sharp.cache(false);

export type ImageFormat = 'png' | 'jpeg';

export interface Drawing {
	width: number;
	height: number;
	format: ImageFormat;
	/** Same scene, same picture. */
	scene: string;
	/** Words written into the picture; none if empty. */
	caption: string;
}

/** Draws hills under a coloured sky as a real PNG or JPEG of exactly that size. */
export async function draw(drawing: Drawing): Promise<Buffer> {
	const picture = sharp(Buffer.from(sceneSvg(drawing)), { limitInputPixels: false });
	return drawing.format === 'png'
		? await picture.removeAlpha().png({ compressionLevel: 6 }).toBuffer()
		: await picture.removeAlpha().jpeg({ quality: 85 }).toBuffer();
}

function sceneSvg({ width, height, scene, caption }: Drawing): string {
	const random = seededRandom('scene', scene);
	const hue = Math.floor(random() * 360);
	const aspect = width / height;
	const wide = 1000 * aspect;
	const sunX = wide * (0.2 + 0.6 * random());
	const sunY = 180 + 260 * random();
	const hills = [0, 1, 2, 3].map((layer) => hill(layer, wide, hue, random));
	const stars = Array.from({ length: 24 }, () => {
		const at = `cx="${round(wide * random())}" cy="${round(420 * random())}"`;
		return `<circle ${at} r="${round(1 + 2.5 * random())}" fill="#fff" opacity="${round(0.2 + 0.6 * random())}"/>`;
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`,
		` viewBox="0 0 ${round(wide)} 1000" preserveAspectRatio="none"><defs>`,
		'<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">',
		`<stop offset="0" stop-color="${hsl(hue, 55, 22)}"/>`,
		`<stop offset="0.55" stop-color="${hsl(hue + 35, 65, 52)}"/>`,
		`<stop offset="0.85" stop-color="${hsl(hue + 70, 85, 76)}"/></linearGradient>`,
		'<radialGradient id="glow"><stop offset="0" stop-color="#fff" stop-opacity="0.9"/>',
		'<stop offset="0.3" stop-color="#fff" stop-opacity="0.35"/>',
		'<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>',
		`<rect width="${round(wide)}" height="1000" fill="url(#sky)"/>`,
		...stars,
		`<circle cx="${round(sunX)}" cy="${round(sunY)}" r="300" fill="url(#glow)"/>`,
		`<circle cx="${round(sunX)}" cy="${round(sunY)}" r="${round(60 + 50 * random())}" fill="#fffaf0"/>`,
		...hills,
		captionSvg(caption, wide),
		'</svg>',
	].join('');
}

function hill(layer: number, wide: number, hue: number, random: () => number): string {
	const base = 560 + 105 * layer;
	const rise = 120 - 18 * layer;
	const length = wide * (0.25 + 0.35 * random());
	const shift = 2 * Math.PI * random();
	const points = Array.from({ length: 41 }, (_, step) => {
		const x = (wide * step) / 40;
		const wave = Math.sin((2 * Math.PI * x) / length + shift);
		const ripple = 0.35 * Math.sin((5.3 * Math.PI * x) / length + 2 * shift);
		return `${round(x)},${round(base - rise * (wave + ripple) * 0.6)}`;
	});
	const colour = hsl(hue + 200 - 12 * layer, 38, 46 - 10 * layer);
	return `<polygon points="0,1000 ${points.join(' ')} ${round(wide)},1000" fill="${colour}"/>`;
}

function captionSvg(caption: string, wide: number): string {
	if (caption === '') return '';
	const size = Math.min(46, (wide - 100) / (0.58 * caption.length));
	const font = `font-family="sans-serif" font-size="${round(size)}"`;
	return `<text x="50" y="945" ${font} fill="#fff" opacity="0.92">${escapeXml(caption)}</text>`;
}

function escapeXml(text: string): string {
	return (
		text
			// control characters are not allowed in XML at all
			.replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd]/g, '')
			.replace(/&/g, '&amp;')
			.replace(/</g, '&lt;')
			.replace(/>/g, '&gt;')
	);
}

function hsl(hue: number, saturation: number, lightness: number): string {
	return `hsl(${Math.round(hue) % 360},${saturation}%,${lightness}%)`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
