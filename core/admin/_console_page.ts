import { CONSOLE_SCRIPT } from "./_console_script.ts";
import { CONSOLE_STYLE } from "./_console_style.ts";
import { answer } from "./_respond.ts";

/** The live console: one page that loads nothing but the state it shows. */
export function consolePage(): Response {
  const nonce = crypto.randomUUID();
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    "img-src data:",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return answer(page(nonce), "text/html; charset=utf-8", {
    "content-security-policy": policy.join("; "),
    "referrer-policy": "no-referrer",
  });
}

function page(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>console</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${CONSOLE_STYLE}</style>
</head>
<body>
<header id="head"><h1>console</h1></header>
<p id="trouble" class="bad" role="status"></p>
<main>
<section id="tiles" class="grid"></section>
<section id="breakers"></section>
<section id="shedders"></section>
<section id="decisions"></section>
<section id="others"></section>
</main>
<footer id="links"></footer>
<noscript>This page needs its script; <a href="state">the state as JSON</a> does not.</noscript>
<script nonce="${nonce}">${CONSOLE_SCRIPT}</script>
</body>
</html>
`;
}
