import type { Middleware } from "@zeno/zeno/rest";

/** Says who answered, so that a guest can report what went wrong. */
export function guestMiddleware(): Middleware {
  return (next) => async (request, context) => {
    const response = await next(request, context);
    response.headers.set("x-trace-id", context.traceId);
    return response;
  };
}
