import { $, caller, element, fill, drawSwitches, journal } from './common.js';

const call = caller('/autotask');
const picks = {};
let companies, people, roles, shown;

const records = (entity, q = '') => call('GET', `/records/${entity}?q=${encodeURIComponent(q)}`);
const label = (field, value) => picks[field].find(p => p.id === String(value))?.name ?? '';
const name = person => person ? `${person.firstName} ${person.lastName}` : 'nobody';
const by = () => ({ by: $('me').value });

async function list() {
  const tickets = await records('Tickets', $('search').value);
  const rows = tickets.filter(t => !($('open-only').checked && t.completedDate)).map(ticket => {
    const row = element('li'), button = element('button', '', (ticket.priority === 4 ? 'p1 ' : '') + (ticket.completedDate ? 'done' : ''));
    button.append(element('strong', `${ticket.ticketNumber} ${ticket.title}`), element('small', name(people.find(p => p.id === ticket.assignedResourceID))),
      element('small', `${companies.find(c => c.id === ticket.companyID)?.companyName} · ${label('priority', ticket.priority)}`), element('small', label('status', ticket.status)));
    button.onclick = () => show(ticket.id);
    row.append(button);
    return row;
  });
  $('list').replaceChildren(...(rows.length ? rows : [element('li', 'No ticket matches. Create one above.')]));
}

async function show(id) {
  const ticket = await call('GET', '/records/Tickets/' + id);
  shown = ticket.id;
  $('detail').hidden = false;
  $('title').textContent = `${ticket.ticketNumber} ${ticket.title}`;
  const form = $('change').elements;
  for (const field of ['status', 'priority', 'queueID']) fill(form[field], picks[field], ticket[field], field === 'queueID' && 'none');
  fill(form.assignedResourceID, people.filter(p => p.resourceType !== 'API User').map(p => ({ id: String(p.id), name: name(p), inactive: !p.isActive })), ticket.assignedResourceID, 'nobody');
  const facts = [['Company', companies.find(c => c.id === ticket.companyID)?.companyName], ['Description', ticket.description], ['Created', ticket.createDate], ['Last activity', ticket.lastActivityDate],
    ['Completed', ticket.completedDate], ...ticket.userDefinedFields.map(f => [f.name, f.value])];
  $('fields').replaceChildren(...facts.filter(f => f[1]).flatMap(([title, value]) => [element('dt', title), element('dd', value)]));
  const notes = (await records('TicketNotes')).filter(n => n.ticketID === id).reverse();
  $('notes').replaceChildren(...notes.map(note => {
    const row = element('li', `${note.title}\n${note.description}`);
    row.prepend(element('small', `${name(people.find(p => p.id === note.creatorResourceID))}, ${note.createDateTime}${note.publish === 1 ? '' : ', internal'}\n`));
    return row;
  }));
}

async function change(values) {
  try { await call('PATCH', '/records/Tickets/' + shown, { ...by(), ...values }); } finally { await show(shown); await list(); }
}

// Rights are set by the control API.
const simple = values => Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value !== 'object'));

async function drawCallouts() {
  const callouts = await records('ExtensionCallouts');
  $('callouts').replaceChildren(...callouts.map(callout => {
    const row = element('li', `${callout.method} ${callout.url} (${callout.format})`), remove = element('button', 'Remove', 'plain');
    remove.onclick = async () => { await call('DELETE', '/records/ExtensionCallouts/' + callout.id); await drawCallouts(); };
    row.append(remove);
    return row;
  }));
}

const read = journal(call, line => line.kind === 'request' ? `${line.method} ${line.path} → ${line.status || 'cut'}`
  : line.kind === 'commit' ? `${name(people.find(p => p.id === line.by))} ${line.action} ${line.type} ${line.id} ${line.changed.join(', ')}`
  : line.kind === 'webhook' ? `webhook ${line.type} ${line.id} ${line.outcome} ${line.status || ''}` : line.kind === 'callout' ? `callout ${line.url} ${line.status || 'no answer'}` : line.kind);
async function log() {
  if (await read()) await list();
}

const values = form => Object.fromEntries([...new FormData(form)]);
$('switches').onsubmit = event => event.preventDefault();
$('switches').onchange = async ({ target }) => {
  const value = target.type === 'checkbox' ? target.checked : target.type === 'number' ? Number(target.value) : target.value;
  try { drawSwitches(simple(await call('PUT', '/switches', { [target.name]: value }))); } catch { /* the problem is shown, and what was typed stays */ }
};
$('create').onsubmit = async event => {
  event.preventDefault();
  const ticket = await call('POST', '/records/Tickets', { ...by(), ...values(event.target), status: 1 });
  event.target.elements.title.value = '';
  await show(ticket.id);
  await list();
};
$('change').onchange = ({ target }) => change(target.name !== 'assignedResourceID' ? { [target.name]: target.value || null }
  : { assignedResourceID: target.value || null, assignedResourceRoleID: target.value ? roles.find(r => r.resourceID === Number(target.value))?.roleID ?? null : null });
$('note').onsubmit = async event => {
  event.preventDefault();
  const { internal, ...note } = values(event.target);
  await call('POST', '/records/TicketNotes', { ...by(), ...note, ticketID: shown, noteType: 1, publish: internal ? 2 : 1 });
  event.target.reset();
  await show(shown);
};
$('callout').onsubmit = async event => {
  event.preventDefault();
  await call('POST', '/records/ExtensionCallouts', { ...values(event.target), name: 'Callout', method: 'POST', isActive: true, onCreate: true, onEdit: true, onNote: true });
  event.target.reset();
  await drawCallouts();
};
$('delete').onclick = async () => { await call('DELETE', `/records/Tickets/${shown}?by=${by().by}`); $('detail').hidden = true; await list(); };
$('close').onclick = () => { $('detail').hidden = true; };
$('search').oninput = list;
$('open-only').onchange = list;

[companies, people, roles] = [(await records('Companies')).reverse(), (await records('Resources')).reverse(), await records('ResourceServiceDeskRoles')];
for (const pick of (await records('Picklists')).filter(p => p.entity === 'Tickets').sort((a, b) => a.sortOrder - b.sortOrder))
  (picks[pick.field] ??= []).push({ id: pick.value, name: pick.label, inactive: !pick.isActive });
fill($('me'), people.filter(p => p.resourceType !== 'API User').map(p => ({ id: String(p.id), name: name(p), inactive: !p.isActive })), people.find(p => p.userName === 'sburke').id);
const create = $('create').elements;
fill(create.companyID, companies.map(c => ({ id: String(c.id), name: c.companyName, inactive: !c.isActive })), companies[1]?.id);
fill(create.queueID, picks.queueID, picks.queueID.find(q => q.name === 'Level I Support')?.id ?? picks.queueID[0].id);
fill(create.priority, picks.priority, picks.priority.find(p => p.name === 'Medium')?.id ?? picks.priority[0].id);
await list();
drawSwitches(simple(await call('GET', '/switches')));
await drawCallouts();
await log();
const asked = new URLSearchParams(location.search);
const found = asked.get('number') ? (await records('Tickets', asked.get('number')))[0]?.id : Number(asked.get('ticket'));
if (found) await show(found);
setInterval(log, 2000);
