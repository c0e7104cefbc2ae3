using Deskbridge.Connectors.Autotask;

namespace Deskbridge.Connectors.Tests.Autotask;

/// <summary>A zone that knows the user and its counter; whatever else is not written answers 404.</summary>
internal sealed class StubAutotask : StubServer
{
    public const string Rest = "/ATServicesRest/V1.0/";
    public const string ZoneInformation = "/atservicesrest/v1.0/zoneInformation";

    private StubAutotask()
        : base("")
    {
    }

    public static async Task<StubAutotask> StartAsync()
    {
        var stub = new StubAutotask();
        await stub.ListenAsync();
        stub.Zone(stub.Address);
        stub.Used(12);
        stub.At("GET", "Tickets/entityInformation/fields", Samples.Fields);
        stub.At("GET", "Tickets/entityInformation/userDefinedFields", Samples.OwnFields);
        foreach (var entity in new[] { "Companies", "Contacts", "Resources" }) stub.At("POST", $"{entity}/query", """{"items":[],"pageDetails":{}}""");
        return stub;
    }

    public void Zone(Uri host) => Json("GET", ZoneInformation, $$"""{"zoneName":"Test","url":"{{new Uri(host, "/ATServicesRest/")}}","webUrl":"https://ww3.autotask.net/","ci":1}""");

    public void Used(int calls) => At("GET", "ThresholdInformation", $$"""{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":{{calls}}}""");

    public void At(string method, string path, string json, int status = 200) => Json(method, Rest + path, json, status);

    public IEnumerable<SeenRequest> To(string path) => Seen.Where(request => request.Path.Equals(Rest + path, StringComparison.OrdinalIgnoreCase));

    public AutotaskConnector Connect(Action<AutotaskOptions>? set = null)
    {
        var options = new AutotaskOptions { Address = Address.AbsoluteUri, UserName = "hub@contoso.example", Secret = "se#cret $1", IntegrationCode = "CODE" };
        set?.Invoke(options);
        return new(new(Guid.Empty, options, new Dictionary<string, string>(StringComparer.Ordinal), TimeProvider.System, new OpenGate()));
    }
}
