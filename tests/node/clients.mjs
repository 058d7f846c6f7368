// Asks the proxy at BASE something by the client and in the way that the first argument names; prints what came back.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { generateObject, generateText, jsonSchema, streamText, tool } from "ai";
import OpenAI from "openai";

globalThis.AI_SDK_LOG_WARNINGS = false;
const baseURL = process.env.BASE;
const prompt = process.env.PROMPT;
const client = new OpenAI({ baseURL, apiKey: "sk-test", maxRetries: 0 });
const openai = createOpenAI({ baseURL, apiKey: "sk-test" });
const anthropic = createAnthropic({ baseURL, apiKey: "sk-ant-test" });
const messages = [{ role: "user", content: prompt }];
const schema = { type: "object", properties: { mail: { type: "string", format: "email" } }, required: ["mail"] };
const parameters = { ...schema, additionalProperties: false };
const lookUp = { type: "function", function: { name: "look_up", description: prompt, parameters } };
const tools = { look_up: tool({ description: prompt, inputSchema: jsonSchema(parameters) }) };

async function joined(parts) {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}

async function* contents(stream) {
  for await (const chunk of stream) yield chunk.choices[0]?.delta?.content ?? "";
}

async function* outputs(stream) {
  for await (const event of stream) if (event.type === "response.output_text.delta") yield event.delta;
}

const asks = {
  "openai chat": async () => (await client.chat.completions.create({ model: "m", messages })).choices[0].message.content,
  "openai chat stream": async () =>
    joined(contents(await client.chat.completions.create({ model: "m", messages, stream: true }))),
  "openai chat tools": async () => {
    const runner = client.chat.completions.stream({ model: "m", messages, tools: [lookUp] });
    return JSON.parse((await runner.finalChatCompletion()).choices[0].message.tool_calls[0].function.arguments).mail;
  },
  "openai responses stream": async () =>
    joined(outputs(await client.responses.create({ model: "m", input: prompt, stream: true }))),
  "openai embeddings": async () =>
    String((await client.embeddings.create({ model: "m", input: prompt })).data[0].embedding.length),
  "ai openai": async () => (await generateText({ model: openai("m"), prompt, maxRetries: 0 })).text,
  "ai openai stream": async () => joined(streamText({ model: openai("m"), prompt, maxRetries: 0 }).textStream),
  "ai chat stream": async () => joined(streamText({ model: openai.chat("m"), prompt, maxRetries: 0 }).textStream),
  "ai chat tools": async () =>
    (await generateText({ model: openai.chat("m"), prompt, tools, maxRetries: 0 })).toolCalls[0].input.mail,
  "ai chat object": async () =>
    (await generateObject({ model: openai.chat("m"), prompt, schema: jsonSchema(parameters), maxRetries: 0 })).object.mail,
  "ai anthropic": async () => (await generateText({ model: anthropic("m"), prompt, maxRetries: 0 })).text,
  "ai anthropic stream": async () => joined(streamText({ model: anthropic("m"), prompt, maxRetries: 0 }).textStream),
  "ai anthropic tools": async () =>
    (await generateText({ model: anthropic("m"), prompt, tools, maxRetries: 0 })).toolCalls[0].input.mail,
};

process.stdout.write(JSON.stringify(await asks[process.argv[2]]()));
