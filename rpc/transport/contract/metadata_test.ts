import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { Metadata } from "../../metadata.ts";
import { echo, echoService } from "../../testing/echo_service.ts";
import type { Connection } from "../transport.ts";
import { call, contract, of, open, texts } from "../../testing/transport_pair.ts";

const { say, count } = echoService.methods;

contract([
  {
    name: "carries metadata both ways",
    async run(pair) {
      await using it = await open(pair, {
        say: (_request, incoming) => {
          incoming.sendHeader(new Metadata({ "x-seen": incoming.header("x-one") ?? "" }));
          incoming.trailer.append("x-all", incoming.metadata.getAll("x-two").join("+"));
          incoming.trailer.append("x-bytes-bin", incoming.metadata.getBytes("x-raw-bin")!);
          return echo("");
        },
      });
      let header: Metadata | undefined, trailer: Metadata | undefined;
      const metadata = new Metadata({
        "X-One": "1",
        "x-two": ["2", "3"],
        "x-raw-bin": new Uint8Array([0, 255]),
      });
      await it.connection.unary(
        say,
        echo(""),
        call({
          metadata,
          onHeader: (got) => header = got,
          onTrailer: (got) => trailer = got,
        }),
      );
      assertEquals(header?.get("x-seen"), "1");
      // HTTP/2 servers of the runtime join values of one name.
      assert(["2+3", "2, 3"].includes(trailer?.get("x-all") ?? ""));
      assertEquals(trailer?.getBytes("x-bytes-bin"), new Uint8Array([0, 255]));
    },
  },
  {
    name: "carries errors with details and trailer",
    async run(pair) {
      await using it = await open(pair, {
        say: (_request, incoming) => {
          incoming.trailer.set("x-why", "because");
          throw new ServiceError("not_found", "Cannot find user: \u{1F600} %41 \uD800 \n end", {
            details: { id: 7, tags: ["a", { b: null }], ok: true },
            retryAfterMs: 1500,
          });
        },
      });
      let trailer: Metadata | undefined;
      const error = await assertRejects(
        () => it.connection.unary(say, echo(""), call({ onTrailer: (got) => trailer = got })),
        ServiceError,
      );
      assertEquals([error.code, error.message, error.retryAfterMs], [
        "not_found",
        "Cannot find user: \u{1F600} %41 \uFFFD \n end",
        1500,
      ]);
      assertEquals(error.details, { id: 7, tags: ["a", { b: null }], ok: true });
      assertEquals(trailer?.get("x-why"), "because");
    },
  },
  {
    name: "sends metadata ahead of the first answer",
    async run(pair) {
      const heard = Promise.withResolvers<void>();
      await using it = await open(pair, {
        count: async function* (_requests, incoming) {
          incoming.sendHeader(new Metadata({ "x-early": "yes" }));
          incoming.sendHeader(new Metadata({ "x-late": "no" }));
          await heard.promise;
          yield echo("1");
        },
      });
      const headers: Metadata[] = [];
      const onHeader = (got: Metadata) => {
        headers.push(got);
        heard.resolve();
      };
      assertEquals(await texts(it.connection.stream(count, of(echo("")), call({ onHeader }))), [
        "1",
      ]);
      assertEquals(headers.map((each) => [each.get("x-early"), each.get("x-late")]), [
        ["yes", undefined],
      ]);
    },
  },
  {
    name: "tells of the metadata once, and before the answer",
    async run(pair) {
      await using it = await open(pair, { say: (request) => request });
      const told: string[] = [];
      await it.connection.unary(
        say,
        echo(""),
        call({ onHeader: () => told.push("header"), onTrailer: () => told.push("trailer") }),
      ).then(() => told.push("answer"));
      assertEquals(told, ["header", "trailer", "answer"]);
    },
  },
  {
    name: "carries several values of bytes",
    async run(pair) {
      let seen: readonly unknown[] = [];
      await using it = await open(pair, {
        say(request, { metadata }) {
          seen = metadata.getAll("x-raw-bin");
          return request;
        },
      });
      const values = [new Uint8Array(), new Uint8Array([0]), new Uint8Array([255, 44, 32])];
      const metadata = new Metadata({ "x-raw-bin": values, "x-empty": "" });
      await it.connection.unary(say, echo(""), call({ metadata }));
      assertEquals(seen, values);
    },
  },
  {
    name: "does not change metadata that a caller sends",
    async run(pair) {
      await using it = await open(pair, { say: (request) => request });
      const metadata = new Metadata({ "x-one": "1" });
      using deadline = new Deadline(5_000);
      await it.connection.unary(say, echo(""), call({ metadata, deadline, waitForReady: true }));
      assertEquals([...metadata], [["x-one", "1"]]);
    },
  },
  {
    name: "passes on what came with another call",
    async run(pair) {
      const later: { connection?: Connection } = {};
      await using it = await open(pair, {
        say(request, incoming) {
          if (request.text === "inner") {
            incoming.sendHeader(new Metadata({ "x-header": incoming.header("x-tag") ?? "" }));
            incoming.trailer.set("x-trailer", "t");
            return request;
          }
          return later.connection!.unary(
            say,
            echo("inner"),
            call({
              metadata: incoming.metadata,
              onHeader: (header) => incoming.sendHeader(header),
              onTrailer: (trailer) => incoming.trailer.merge(trailer),
            }),
          );
        },
      });
      const connection = later.connection = it.connection;
      let header: Metadata | undefined, trailer: Metadata | undefined;
      const answer = await connection.unary(
        say,
        echo("outer"),
        call({
          metadata: new Metadata({ "x-tag": "a" }),
          onHeader: (got) => header = got,
          onTrailer: (got) => trailer = got,
        }),
      );
      assertEquals(
        [answer.text, header?.get("x-header"), trailer?.get("x-trailer")],
        ["inner", "a", "t"],
      );
    },
  },
  {
    name: "keeps what is the protocol's to itself",
    async run(pair) {
      const names = ["connection", "te", "content-type", "grpc-encoding", "grpc-status"];
      const foreign = Metadata.received([
        ...names.map((name): [string, string[]] => [name, ["7"]]),
        ["x-own", ["a"]],
      ]);
      await using it = await open(pair, {
        say(request, incoming) {
          assertEquals(incoming.header("x-own"), "a");
          incoming.sendHeader(foreign);
          incoming.trailer.merge(foreign);
          return request;
        },
        count: async function* (_requests, incoming) {
          incoming.sendHeader(foreign);
          incoming.trailer.merge(foreign);
          yield echo("1");
        },
      });
      const seen: (string | undefined)[] = [];
      const parts = call({
        metadata: foreign,
        onHeader: (header) => seen.push(header.get("x-own")),
        onTrailer: (trailer) => seen.push(trailer.get("x-own"), trailer.get("te")),
      });
      assertEquals((await it.connection.unary(say, echo("a"), parts)).text, "a");
      assertEquals(await texts(it.connection.stream(count, of(echo("")), parts)), ["1"]);
      assertEquals(seen, ["a", "a", undefined, "a", "a", undefined]);
    },
  },
]);
