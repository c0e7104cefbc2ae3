using System.Text.Json;
using Deskbridge.Connectors.Autotask;
using Deskbridge.Connectors.Autotask.Filters;

namespace Deskbridge.Connectors.Tests.Autotask;

/// <summary>Fields and tickets as Autotask sends them.</summary>
internal static class Samples
{
    public const string Fields = """
        {"fields":[
          {"name":"id","dataType":"long","isQueryable":true},
          {"name":"title","dataType":"string","isQueryable":true},
          {"name":"companyID","dataType":"integer","isQueryable":true,"isReference":true},
          {"name":"createDate","dataType":"datetime","isQueryable":true},
          {"name":"isVisibleToComanaged","dataType":"boolean","isQueryable":true},
          {"name":"lastActivityPersonType","dataType":"integer","isQueryable":false,"isPickList":true,"picklistValues":[]},
          {"name":"queueID","dataType":"integer","isQueryable":true,"isPickList":true,"picklistValues":[
            {"value":"8","label":"Monitoring Alert","isActive":true},{"value":"29682833","label":"Support","isActive":true}]},
          {"name":"priority","dataType":"integer","isQueryable":true,"isPickList":true,"picklistValues":[
            {"value":"1","label":"High","isActive":true},{"value":"4","label":"Critical","isActive":true}]},
          {"name":"status","dataType":"integer","isQueryable":true,"isPickList":true,"picklistValues":[
            {"value":"1","label":"New","isActive":true},{"value":"8","label":"In Progress","isActive":true},
            {"value":"7","label":"Waiting Customer","isActive":true},{"value":"5","label":"Complete","isActive":true},
            {"value":"20","label":"Resolved remotely","isActive":true},{"value":"21","label":"Parked","isActive":false}]}]}
        """;

    public const string OwnFields = """{"fields":[{"name":"Ranking","label":"Ranking","type":"string","isQueryable":true},{"name":"Rack","type":"string","isQueryable":true}]}""";

    public static TicketSchema Schema { get; } = TicketSchema.Of(
        JsonSerializer.Deserialize(Fields, AutotaskJson.Default.FieldListDto)!, JsonSerializer.Deserialize(OwnFields, AutotaskJson.Default.FieldListDto)!);

    public const string Record = """
        {"id":48213,"companyID":174,"title":"Backup failed on SRV-FS01","status":1,"priority":4,"queueID":29682833,"ticketNumber":"T20261120.0009","assignedResourceID":null,
         "createDate":"2026-11-20T09:02:11.447Z","lastActivityDate":"2026-11-20T09:14:00.1","lastTrackedModificationDateTime":"2026-11-20T09:10:00Z",
         "isVisibleToComanaged":false,"userDefinedFields":[{"name":"Ranking","value":"Golden"},{"name":"Rack","value":null}]}
        """;

    public static RemoteTicket Ticket(bool closed = false) => AutotaskMap.ToTicket(
        JsonElement.Parse(Record), new TicketWords(new Dictionary<string, string> { ["status"] = "New", ["priority"] = "Critical", ["companyID"] = "Contoso" }, closed));

    public static CompiledFilter Compile(string text) => new FilterCompiler(Schema).Compile(text);
}
