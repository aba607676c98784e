/**
 * Runs in the visitor's browser. Everything from messages is set as text, or shown in a frame without scripts.
 * Written without backticks and dollar braces, since it stands in a template.
 */
export const OUTBOX_SCRIPT = `'use strict';
(() => {
  const nonce = document.currentScript.nonce;
  const KEPT = 400;
  const POLL_MS = 3000;
  const KINDS = { sms: 'Text', email: 'Mail', social: 'Post' };
  const find = (id) => document.getElementById(id);
  const list = find('messages'), empty = find('empty'), said = find('said'), state = find('state');
  const pause = find('pause'), older = find('older');
  const shown = new Map();
  let waiting = [], isPaused = false, isDrawing = false, newest = 0, source = null, poller = 0, isFirst = true;

  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const setState = (word, text) => { state.dataset.state = word; state.textContent = text; };

  const head = (message) => {
    const line = make('p', 'head');
    const isPublic = message.channel === 'social' && message.address === 'public';
    line.append(make('span', 'kind', isPublic ? 'Public post' : message.channel === 'social' ? 'Direct message' : KINDS[message.channel] || message.channel));
    if (!isPublic) line.append('to ', make('strong', '', message.address));
    const time = make('time', '', new Date(message.keptAt).toLocaleTimeString());
    time.dateTime = message.keptAt;
    line.append(time);
    return line;
  };
  const fit = (frame) => {
    const root = frame.contentDocument && frame.contentDocument.documentElement;
    if (root) frame.style.height = Math.min(Math.max(root.scrollHeight, 80), 900) + 2 + 'px';
  };
  const mail = (message) => {
    const part = document.createDocumentFragment();
    part.append(make('h2', '', message.subject || '(no subject)'));
    if (!message.html) { part.append(make('p', 'text', message.body)); return part; }
    const frame = make('iframe');
    frame.title = 'Mail: ' + message.subject;
    frame.setAttribute('sandbox', 'allow-same-origin');
    frame.addEventListener('load', () => fit(frame));
    // A mail brings a style sheet of its own; the page's policy, which rules the frame too, lets it in by this.
    frame.srcdoc = message.html.replaceAll('<style', '<style nonce="' + nonce + '"');
    part.append(frame);
    return part;
  };
  const post = (message) => {
    const part = make('div', 'post'), words = make('div'), from = make('p', 'from', 'Your provider ');
    from.append(make('span', '', '@tidings'));
    const face = make('span', 'face', 'T');
    face.setAttribute('aria-hidden', 'true');
    words.append(from, make('p', 'text', message.body));
    part.append(face, words);
    return part;
  };
  const card = (message) => {
    const item = make('li');
    item.dataset.channel = message.channel;
    item.dataset.seq = message.seq;
    item.append(head(message));
    item.append(message.channel === 'email' ? mail(message) : message.channel === 'social' ? post(message) : make('p', 'text', message.body));
    return item;
  };

  const place = (message) => {
    if (shown.has(message.deliveryId)) return false;
    const item = card(message);
    shown.set(message.deliveryId, item);
    let next = list.firstElementChild;
    while (next && Number(next.dataset.seq) > message.seq) next = next.nextElementSibling;
    list.insertBefore(item, next);
    newest = Math.max(newest, message.seq);
    return item;
  };
  const trim = () => {
    while (list.children.length > KEPT) {
      const last = list.lastElementChild;
      for (const [id, item] of shown) if (item === last) shown.delete(id);
      last.remove();
      older.hidden = false;
    }
  };
  const sayEmpty = () => {
    const channel = list.dataset.channel;
    const isNone = channel === 'all' ? list.children.length === 0 : !list.querySelector('li[data-channel="' + channel + '"]');
    empty.hidden = !isNone;
    empty.textContent = channel === 'all'
      ? 'No message yet. The first one appears here by itself, as soon as an alert fires.'
      : 'No message on this channel yet.';
  };
  const draw = () => {
    isDrawing = false;
    if (isPaused) { pause.textContent = 'Go on' + (waiting.length ? ' (' + waiting.length + ' new)' : ''); return; }
    const fresh = waiting.map(place).filter(Boolean);
    waiting = [];
    if (!isFirst) for (const item of fresh) item.classList.add('new');
    trim();
    sayEmpty();
    if (fresh.length && !isFirst) said.textContent = fresh.length === 1 ? '1 new message' : fresh.length + ' new messages';
    if (fresh.length) isFirst = false;
  };
  const take = (messages) => {
    const fresh = messages.filter((message) => !shown.has(message.deliveryId) && !waiting.some((other) => other.deliveryId === message.deliveryId));
    waiting.push(...fresh);
    if (!isDrawing && (fresh.length || !isPaused)) { isDrawing = true; setTimeout(draw, 50); }
  };

  const read = async (query) => {
    const answer = await fetch('/outbox/messages?' + query, { cache: 'no-store' });
    if (!answer.ok) throw new Error('status ' + answer.status);
    return (await answer.json()).items;
  };
  const poll = () => {
    clearTimeout(poller);
    poller = setTimeout(async () => {
      try { take(await read('limit=200&after=' + Math.max(newest - 100, 0))); setState('live', 'live'); connect(); }
      catch { setState('away', 'not connected'); poll(); }
    }, POLL_MS);
  };
  const connect = () => {
    if (source) source.close();
    source = new EventSource('/outbox/stream?after=' + newest);
    source.onopen = () => setState('live', isPaused ? 'paused' : 'live');
    source.onmessage = (event) => take([JSON.parse(event.data)]);
    source.onerror = () => {
      setState('away', 'not connected');
      source.close();
      poll();
    };
  };

  document.querySelector('.filters').addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    list.dataset.channel = button.dataset.channel;
    for (const other of button.parentElement.children) other.setAttribute('aria-pressed', String(other === button));
    for (const frame of list.querySelectorAll('iframe')) fit(frame);
    sayEmpty();
  });
  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', String(isPaused));
    pause.textContent = isPaused ? 'Go on' : 'Pause';
    if (state.dataset.state === 'live') setState('live', isPaused ? 'paused' : 'live');
    if (!isPaused) draw();
  });
  older.addEventListener('click', async () => {
    const last = list.lastElementChild;
    if (!last) return;
    const items = await read('limit=50&before=' + last.dataset.seq).catch(() => []);
    items.forEach(place);
    older.hidden = items.length < 50;
    sayEmpty();
  });

  read('limit=50').then((items) => { take(items); older.hidden = items.length < 50; isFirst = items.length > 0; connect(); },
    () => { setState('away', 'not connected'); poll(); });
})();
`;
