namespace Deskbridge.Sandbox.Carriers;

/// <summary>The three files of the page. What arrived is only ever set as text, never as markup.</summary>
internal static class CarriersPageText
{
    public const string Html = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>Deskbridge sandbox: pushes, chats and mails</title>
          <link rel="stylesheet" href="/_page/page.css">
          <script src="/_page/page.js" defer></script>
        </head>
        <body>
          <header>
            <h1>Pushes, chats and mails</h1>
            <p>What the sandbox's ntfy server, Teams workflow, Slack webhook and mail server received. Nothing left this machine.</p>
            <p role="status" id="state">Connecting…</p>
          </header>
          <main>
            <section aria-labelledby="pushes-title"><h2 id="pushes-title">Pushes <span class="count" id="push-count">0</span></h2><div id="pushes"><p class="empty">No push yet.</p></div></section>
            <section aria-labelledby="chats-title"><h2 id="chats-title">Teams and Slack <span class="count" id="chat-count">0</span></h2><div id="chats"><p class="empty">No message yet.</p></div></section>
            <section aria-labelledby="mails-title"><h2 id="mails-title">Mails <span class="count" id="mail-count">0</span></h2><div id="mails"><p class="empty">No mail yet.</p></div></section>
          </main>
        </body>
        </html>
        """;

    public const string Style = """
        :root { color-scheme: light dark; --back: light-dark(#f4f5f7, #14171c); --card: light-dark(#fff, #1e232b); --ink: light-dark(#1b2330, #e6e9ee);
          --soft: light-dark(#56607a, #a3adbd); --line: light-dark(#d9dde5, #343b47); --link: light-dark(#0b57b7, #84b8ff); --loud: light-dark(#b3261e, #ff8a80); }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        header, main { max-width: 88rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 0 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .5rem; overflow-wrap: anywhere; }
        header p { margin: .25rem 0; color: var(--soft); }
        main { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
        @media (min-width: 60rem) { main { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
        article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 .75rem; }
        article.urgent, article.failed { border-left: .25rem solid var(--loud); }
        article h4 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
        article p { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
        .meta, .empty { color: var(--soft); font-size: .875rem; }
        .count { color: var(--soft); font-weight: normal; }
        a { color: var(--link); overflow-wrap: anywhere; display: inline-block; padding: .35rem .75rem .35rem 0; }
        a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8125rem; max-height: 24rem; overflow: auto; }
        summary { cursor: pointer; padding: .35rem 0; color: var(--soft); }
        """;

    public const string Script = """
        'use strict';
        const by = id => document.getElementById(id);
        const make = (tag, text, name) => { const e = document.createElement(tag); if (text) e.textContent = text; if (name) e.className = name; return e; };
        const when = at => new Date(at).toLocaleString();
        const isWeb = url => /^https?:\/\//i.test(url || '');
        let pushes = 0, mails = 0, chats = 0;

        function reset() {
          pushes = mails = chats = 0;
          by('chats').replaceChildren(make('p', 'No message yet.', 'empty'));
          by('pushes').replaceChildren(make('p', 'No push yet.', 'empty'));
          by('mails').replaceChildren(make('p', 'No mail yet.', 'empty'));
          count();
        }
        function count() { by('push-count').textContent = pushes; by('mail-count').textContent = mails; by('chat-count').textContent = chats; }
        function topic(name) {
          const found = [...by('pushes').children].find(e => e.dataset.topic === name);
          if (found) return found;
          const box = make('div'); box.dataset.topic = name; box.append(make('h3', 'Topic ' + name));
          by('pushes').append(box);
          return box;
        }
        function link(url, label) {
          const e = isWeb(url) ? make('a', label) : make('span', label + ': ' + url, 'meta');
          if (isWeb(url)) { e.href = url; e.target = '_blank'; e.rel = 'noopener noreferrer'; }
          return e;
        }
        function push(arrival) {
          if (pushes++ === 0) by('pushes').replaceChildren();
          const m = arrival.message, card = make('article', '', (m.priority || 3) >= 4 ? 'urgent' : '');
          if (m.title) card.append(make('h4', m.title));
          card.append(make('p', m.message));
          card.append(make('p', [when(arrival.at), 'priority ' + (m.priority || 3), (m.tags || []).join(', ')].filter(Boolean).join(' · '), 'meta'));
          if (m.click) card.append(link(m.click, 'Open'));
          for (const a of m.actions || []) card.append(a.action === 'view' ? link(a.url, a.label) : make('p', `Button “${a.label}”: ${[a.method || (a.action === 'http' ? 'POST' : a.action), a.url].filter(Boolean).join(' ')}`, 'meta'));
          topic(m.topic).querySelector('h3').after(card);
          count();
        }
        function mail(m) {
          if (mails++ === 0) by('mails').replaceChildren();
          const card = make('article');
          card.append(make('h4', m.subject || '(no subject)'), make('p', `${m.from || '(no sender)'} to ${m.to.join(', ')} · ${when(m.at)}`, 'meta'), make('p', m.text));
          for (const url of new Set((m.text.match(/https?:\/\/[^\s<>"]+/g) || []).slice(0, 10))) card.append(link(url, url));
          const raw = make('details'); raw.append(make('summary', 'As received'), make('pre', m.raw));
          card.append(raw);
          by('mails').prepend(card);
          count();
        }

        // Slack's three escapes, then links and bold; what is left is text.
        const plain = text => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
        function mrkdwn(text) {
          const p = make('p');
          for (const part of text.split(/(<[^>]*>|\*[^*\n]+\*)/)) {
            const [, url, label] = /^<([^|>]+)\|?([^>]*)>$/.exec(part) || [];
            if (url) p.append(link(plain(url), plain(label || url)), ' ');
            else p.append(/^\*[^*\n]+\*$/.test(part) ? make('strong', plain(part.slice(1, -1))) : plain(part));
          }
          return p;
        }
        const text = object => object.type === 'mrkdwn' ? mrkdwn(object.text) : make('p', object.text);
        function blocks(card, list) {
          for (const b of list || []) {
            if (b.type === 'header') card.append(make('h4', b.text.text));
            if (b.type === 'section' && b.text) card.append(text(b.text));
            for (const t of b.fields || []) card.append(text(t));
            for (const e of b.elements || []) card.append(e.type === 'button' ? link(e.url, e.text.text) : text(e));
          }
        }
        function elements(card, list) {
          for (const e of list || []) {
            const runs = (e.inlines || []).map(run => typeof run === 'string' ? run : run.text).join('');
            if (e.type === 'RichTextBlock') card.append(make(card.querySelector('h4') ? 'p' : 'h4', runs));
            else if (e.type === 'TextBlock') card.append(make(card.querySelector('h4') ? 'p' : 'h4', e.text));
            else if (e.type === 'FactSet') for (const f of e.facts) card.append(make('p', `${f.title} ${f.value}`));
            else elements(card, e.items || (e.columns || []).flatMap(c => c.items || []));
          }
        }
        function chat(where, at, fill, whole, problem) {
          if (chats++ === 0) by('chats').replaceChildren();
          const card = make('article', '', problem ? 'failed' : '');
          if (problem) card.append(make('h4', 'The run failed; nothing was posted'), make('p', problem));
          fill(card);
          card.append(make('p', `${where} · ${when(at)}`, 'meta'));
          const raw = make('details'); raw.append(make('summary', 'As received'), make('pre', JSON.stringify(whole, null, 2)));
          card.append(raw);
          by('chats').prepend(card);
          count();
        }
        function slack(m) {
          chat('Slack, hook ' + m.hook, m.at, card => m.payload.blocks ? blocks(card, m.payload.blocks) : card.append(mrkdwn(m.payload.text || '')), m.payload);
        }
        function teams(m) {
          chat('Teams, workflow ' + m.workflow, m.at, card => {
            if (m.problem) return;
            for (const a of m.message.attachments) {
              elements(card, a.content.body);
              for (const action of a.content.actions || []) card.append(link(action.url, action.title || 'Open'));
            }
          }, m.message, m.problem);
        }

        const live = new EventSource('/_page/live');
        live.onopen = () => { reset(); by('state').textContent = 'Live'; };
        live.onerror = () => { by('state').textContent = 'The sandbox does not answer; trying again.'; };
        live.addEventListener('push', e => push(JSON.parse(e.data)));
        live.addEventListener('teams', e => teams(JSON.parse(e.data)));
        live.addEventListener('slack', e => slack(JSON.parse(e.data)));
        live.addEventListener('mail', e => mail(JSON.parse(e.data)));
        """;
}
