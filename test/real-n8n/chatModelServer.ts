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
	/** How often it calls the tool with the same words, all at once; once unless set. */
	calls: number;
	close(): Promise<void>;
}

/** @param prompt what it asks the tool for */
export async function startChatModelServer(prompt: string): Promise<ChatModelServer> {
	const chat = { calls: 1 };
	const server = createServer(async (request, response) => {
		const { messages, tools, stream } = requestSchema.parse(JSON.parse(await text(request)));
		const told = messages.flatMap(({ role, content }) => (role === 'tool' ? [content] : []));
		const isTold = told.length > 0;
		const calls = Array.from({ length: chat.calls }, (_, index) => ({
			id: `call_${index + 1}`,
			type: 'function',
			function: { name: tools[0]?.function.name, arguments: JSON.stringify({ prompt }) },
		}));
		const message = isTold
			? { role: 'assistant', content: `Tool said: ${told.map(String).join(' and ')}` }
			: { role: 'assistant', content: null, tool_calls: calls };
		const finish_reason = isTold ? 'stop' : 'tool_calls';
		const base = { id: 'chat_1', created: 1, model: 'stand-in' };
		if (!stream) {
			const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
			const choices = [{ index: 0, message, finish_reason }];
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ ...base, object: 'chat.completion', choices, usage }));
			return;
		}
		const delta = isTold
			? message
			: { ...message, tool_calls: calls.map((call, index) => ({ index, ...call })) };
		const chunk = (part: object, reason: string | null) =>
			`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta: part, finish_reason: reason }] })}\n\n`;
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.end(`${chunk(delta, null)}${chunk({}, finish_reason)}data: [DONE]\n\n`);
	});
	const { host, close } = await listen(server);
	return Object.assign(chat, { url: `http://${host}/v1`, close });
}
