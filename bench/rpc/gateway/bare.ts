// The floor: a handler by hand over the bare package and the platform's JSON. `bare.ts <port> <upstream>`
import type { Buffer } from "node:buffer";
import process from "node:process";
// @ts-types="../grpc_js.d.ts"
import { Client, credentials } from "@grpc/grpc-js";
import { Note } from "./echo.gen.ts";

const [port, upstream] = Deno.args;
const client = new Client(upstream!, credentials.createInsecure());
process.title = "bare"; // Brings the global `Buffer`, whose type the package wants.

const encode = (note: Note) => {
  const { buffer, byteOffset, byteLength } = Note.encode(note);
  return (globalThis.Buffer as typeof Buffer).from(buffer, byteOffset, byteLength);
};
const decode = (bytes: Uint8Array) => Note.decode(bytes);

function say(note: Note): Promise<Note> {
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest("/echo.Echo/Say", encode, decode, note, (error, answer) => {
      if (error) reject(error);
      else resolve(answer!);
    })
  );
}

Deno.serve({ port: Number(port), hostname: "127.0.0.1", onListen() {} }, async (request) => {
  const body = request.method === "POST"
    ? await request.json()
    : { id: new URL(request.url).pathname.slice("/v1/notes/".length) };
  const note = Note.create({ ...body, createdMs: BigInt(body.createdMs ?? 0) });
  const answer = await say(note);
  return Response.json({ ...answer, createdMs: String(answer.createdMs) });
});
