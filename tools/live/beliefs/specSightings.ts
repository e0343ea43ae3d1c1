import { JSON_TYPE, SPEC_TYPES } from '../../../test/standin/answers/conduct';
import { readDescription, readList } from '../../../nodes/Vtrix/core/description/readDescription';
import type { DescribedParameter } from '../../../nodes/Vtrix/core/description/readDescription';
import type { RecordedExchange } from '../../../test/standin/playback/format';
import { isRecord } from '../../../test/standin/validation/checks';
import { inWords, type Sighting } from './belief';
import { jsonOf } from './world';

const GATEWAY = 'cloud.vtrix.ai';
const TYPE = new RegExp(`^(${SPEC_TYPES.join('|')})$|^array\\[.+\\]$`);

/** What one answer of the host of descriptions shows. */
export function specSightings({ path, answer }: RecordedExchange, where: string): Sighting[] {
	const see = (belief: string, seen?: string): Sighting => ({
		belief: `spec.${belief}`,
		where,
		...(seen !== undefined && { seen }),
	});
	if (!answer) return [];
	if (answer.status !== 200) {
		return /^40[13]$/.test(String(answer.status)) ? [see('key', `HTTP ${answer.status}`)] : [];
	}
	const type = (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
	const common = [see('key'), see('type', type === JSON_TYPE ? undefined : `\`${type}\``)];
	const json = jsonOf(answer);
	const form = json === undefined ? 'no JSON' : inWords(json);
	if (!path.endsWith('/spec')) {
		return [...common, see('list', readList(json) ? undefined : form)];
	}
	const description = readDescription(json);
	if (!description) return [...common, see('form', form)];
	const parameters = withChildren(description.parameters);
	const types = parameters.map((parameter) => parameter.type).filter((one) => !TYPE.test(one));
	const { host } = endpointOf(json) ?? {};
	return [
		...common,
		see('form'),
		see('types', types.length === 0 ? undefined : `\`${types.join('`, `')}\``),
		...(parameters.some(({ options }) => options.length > 0)
			? [see('enum', numbersIn(json) ? 'numbers' : undefined)]
			: []),
		...(host === undefined ? [] : [see('endpoint', host === GATEWAY ? undefined : `\`${host}\``)]),
	];
}

const withChildren = (parameters: readonly DescribedParameter[]): DescribedParameter[] =>
	parameters.flatMap((parameter) => [parameter, ...withChildren(parameter.children)]);

/** Whether allowed values stand somewhere as numbers. */
function numbersIn(json: unknown): boolean {
	if (Array.isArray(json)) return json.some(numbersIn);
	if (!isRecord(json)) return false;
	const { enum: options } = json;
	const own = Array.isArray(options) && options.some((option) => typeof option !== 'string');
	return own || Object.values(json).some(numbersIn);
}

function endpointOf(json: unknown): URL | undefined {
	const data = isRecord(json) && isRecord(json.data) ? json.data : {};
	const endpoint = isRecord(data.api) ? data.api.endpoint : undefined;
	try {
		return new URL(String(endpoint));
	} catch {
		return undefined;
	}
}
