import { OUTBOX_SCRIPT } from './outbox-script';
import { OUTBOX_STYLE } from './outbox-style';

/** The page's frame; its script fills it from `/outbox/messages` and keeps it live by `/outbox/stream`. */
export function outboxPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Outbox · Tidings</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${OUTBOX_STYLE}</style>
</head>
<body>
<a class="skip" href="#messages">Skip to the messages</a>
<header>
  <div class="title">
    <h1>Outbox</h1>
    <p>Every message as its reader sees it. Nothing here has left this machine.</p>
  </div>
  <div class="bar" role="toolbar" aria-label="Messages shown">
    <div class="filters" role="group" aria-label="Channel">
      <button type="button" data-channel="all" aria-pressed="true">All</button>
      <button type="button" data-channel="sms" aria-pressed="false">Text</button>
      <button type="button" data-channel="email" aria-pressed="false">Mail</button>
      <button type="button" data-channel="social" aria-pressed="false">Social</button>
    </div>
    <button type="button" id="pause" aria-pressed="false">Pause</button>
    <span id="state" class="state" data-state="connecting">connecting</span>
  </div>
</header>
<p id="said" class="unseen" role="status" aria-live="polite"></p>
<main>
  <p id="empty" class="empty" hidden></p>
  <ol id="messages" tabindex="-1" data-channel="all"></ol>
  <p class="more"><button type="button" id="older" hidden>Show older messages</button></p>
  <noscript><p class="empty">This page needs JavaScript. The same messages as data: <a href="/outbox/messages">/outbox/messages</a>.</p></noscript>
</main>
<script nonce="${nonce}">${OUTBOX_SCRIPT}</script>
</body>
</html>
`;
}
