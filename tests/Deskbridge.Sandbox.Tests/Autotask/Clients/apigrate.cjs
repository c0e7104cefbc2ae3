// Drives the public package @apigrate/autotask-restapi against the sandbox as its documentation and its own test show.
// Argument: folder with the package. The rest comes by environment; a failure ends with status 1 and says what failed.
const assert = require('node:assert')
const { createRequire } = require('node:module')
const path = require('node:path')

const { AutotaskRestApi, AutotaskApiError, FilterOperators } = createRequire(path.join(process.argv[2], 'package.json'))('@apigrate/autotask-restapi')
const { AUTOTASK_USER: user, AUTOTASK_SECRET: secret, AUTOTASK_INTEGRATION_CODE: code, AUTOTASK_URL: base_url } = process.env
const autotask = new AutotaskRestApi(user, secret, code, { base_url })

async function ownTest() {
  await autotask.Companies.info()
  assert.strictEqual(autotask.zoneInfo.url, base_url)
  assert.strictEqual((await autotask.Companies.get(0)).item.id, 0)
  const { items } = await autotask.Companies.query({ filter: [{ field: 'companyName', op: FilterOperators.beginsWith, value: 'A' }, { field: 'id', op: FilterOperators.gt, value: 0 }] })
  assert.match(items[0].companyName, /^A/)

  const { itemId: id } = await autotask.CompanyContacts.create(0, { companyID: 0, firstName: 'Tester', middleInitial: 'Xavier', lastName: 'Testington', isActive: 0 })
  assert.ok(id > 0)
  await autotask.CompanyContacts.update(0, { id, firstName: 'Ingrid', isActive: 0 })
  const { item: updated } = await autotask.Contacts.get(id)
  assert.deepStrictEqual([updated.firstName, updated.middleInitial, updated.lastName], ['Ingrid', 'Xavier', 'Testington'])
  await autotask.CompanyContacts.replace(0, { id, title: 'Commander', firstName: 'William', lastName: 'Adama', isActive: 1 })
  const { item: replaced } = await autotask.Contacts.get(id)
  assert.deepStrictEqual([replaced.title, replaced.firstName, replaced.middleInitial, replaced.isActive], ['Commander', 'William', null, 1])
  await autotask.CompanyContacts.delete(0, id)
  assert.strictEqual((await autotask.Contacts.get(id)).item, null)
  assert.strictEqual((await autotask.Companies.get(9999999)).item, null)
}

async function ticketsLife() {
  const { itemId: id } = await autotask.Tickets.create({ companyID: 175, title: 'VPN down', status: 1, priority: 4, queueID: 29682833 })
  await autotask.TicketNotes.create(id, { title: 'Looked at', description: 'Restarted the tunnel.', noteType: 1, publish: 2 }, { ImpersonationResourceId: 29682886 })
  await autotask.Tickets.update({ id, status: 8, assignedResourceID: 29682886, assignedResourceRoleID: 29682834 })
  const { item } = await autotask.Tickets.get(id)
  assert.match(item.ticketNumber, /^T\d{8}\.\d{4}$/)
  assert.strictEqual(item.assignedResourceID, 29682886)
  const { items: [note] } = await autotask.TicketNotes.query({ filter: [{ op: 'eq', field: 'ticketID', value: id }] })
  assert.strictEqual(note.creatorResourceID, 29682886)
  const { itemId: file } = await autotask.TicketAttachments.create(id, { attachmentType: 'FILE_ATTACHMENT', title: 'log.txt', fullPath: 'log.txt', publish: 1, data: Buffer.from('a line').toString('base64') })
  const { items: [attachment] } = await autotask.TicketAttachments.get(id, file)
  assert.strictEqual(Buffer.from(attachment.data, 'base64').toString(), 'a line')
  assert.strictEqual((await autotask.Tickets.count({ filter: [{ op: 'eq', field: 'id', value: id }] })).queryCount, 1)
}

async function errors() {
  const invalid = await autotask.Tickets.create({ companyID: 175 }).catch(e => e)
  assert.ok(invalid instanceof AutotaskApiError)
  assert.strictEqual(invalid.status, 500)
  assert.ok(invalid.details.errors.includes('Missing Required Field: title'))
  assert.strictEqual(await autotask.Invoices.get(1), null) // an entity that is not served
  const stranger = await new AutotaskRestApi(user, 'wrong', code, { base_url }).Companies.get(0).catch(e => e)
  assert.strictEqual(stranger.status, 401)
}

/** Every entity of the package that is served: its metadata, a query, a count and a read of one record. */
async function reads() {
  let served = 0
  for (const { name } of autotask.available_entities) {
    const entity = autotask[name]
    const info = /zoneInformation|ThresholdInformation|Modules/i.test(name) ? null : await entity.info()
    if (!info) continue
    served++
    const { fields } = await entity.fieldInfo()
    assert.ok(Array.isArray((await entity.udfInfo()).fields), name)
    const filter = fields.find(f => f.name === 'id').isQueryable ? [{ op: 'exist', field: 'id' }] : [{ op: 'exist', field: 'ticketID' }]
    const { items, pageDetails } = await entity.query({ filter, MaxRecords: 5 })
    assert.ok(items.length === pageDetails.count && pageDetails.requestCount === 5, name)
    assert.ok((await entity.count({ filter })).queryCount >= items.length, name)
    for (const item of items.slice(0, 1)) assert.deepStrictEqual(Object.keys(item).filter(k => k !== 'userDefinedFields').sort(), fields.map(f => f.name).sort(), name)
  }
  return served
}

async function run() {
  await ownTest()
  await ticketsLife()
  await errors()
  console.log(`reads of ${await reads()} entities`)
}

run().catch(error => { console.error(error); process.exit(1) })
