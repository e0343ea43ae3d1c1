/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { listen } from '../support/listen';

const requestSchema = z.object({
	stream: z.boolean().optional(),
	messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
	tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});

/** A chat model of the kind that OpenAI has, which calls its first tool and repeats what it says. */
export interface ChatModelServer {
	url: string;
	close(): Promise<void>;
}

/** @param prompt what it asks the tool for */
export async function startChatModelServer(prompt: string): Promise<ChatModelServer> {
	const server = createServer(async (request, response) => {
		const { messages, tools, stream } = requestSchema.parse(JSON.parse(await text(request)));
		const told = messages.filter(({ role }) => role === 'tool').at(-1);
		const call = {
			id: 'call_1',
			type: 'function',
			function: { name: tools[0]?.function.name, arguments: JSON.stringify({ prompt }) },
		};
		const message = told
			? { role: 'assistant', content: `Tool said: ${String(told.content)}` }
			: { role: 'assistant', content: null, tool_calls: [call] };
		const finish_reason = told ? 'stop' : 'tool_calls';
		const base = { id: 'chat_1', created: 1, model: 'stand-in' };
		if (!stream) {
			const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
			const choices = [{ index: 0, message, finish_reason }];
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ ...base, object: 'chat.completion', choices, usage }));
			return;
		}
		const delta = told ? message : { ...message, tool_calls: [{ index: 0, ...call }] };
		const chunk = (part: object, reason: string | null) =>
			`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta: part, finish_reason: reason }] })}\n\n`;
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.end(`${chunk(delta, null)}${chunk({}, finish_reason)}data: [DONE]\n\n`);
	});
	const { host, close } = await listen(server);
	return { url: `http://${host}/v1`, close };
}
