using Deskbridge.Connectors.ConnectWise.Psa;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>A server that knows the company; whatever else is not written answers 404 as a missing route.</summary>
internal sealed class StubPsa : StubServer
{
    public const string Rest = "/v4_6_release/apis/3.0/";

    private StubPsa()
        : base("""{"code":"ConnectWiseApi","message":"The endpoint does not exist."}""")
    {
    }

    public static async Task<StubPsa> StartAsync()
    {
        var stub = new StubPsa();
        await stub.ListenAsync();
        stub.Json("GET", "/login/companyinfo/acme", """{"CompanyName":"acme","Codebase":"v4_6_release/","CompanyID":"acme","IsCloud":"False"}""");
        return stub;
    }

    public void JsonAt(string method, string path, string json, int status = 200) => Json(method, Rest + path, json, status);

    public ConnectWisePsaConnector Connect(IReadOnlyDictionary<string, string>? installed = null, Action<ConnectWisePsaOptions>? set = null)
    {
        var options = Options(Address.AbsoluteUri);
        set?.Invoke(options);
        return new(new(Guid.Empty, options, installed ?? new Dictionary<string, string>(StringComparer.Ordinal), TimeProvider.System, new OpenGate()));
    }

    public static ConnectWisePsaOptions Options(string address) => new()
    {
        InstanceUri = address,
        CompanyId = "acme",
        MemberId = "hubapi",
        PublicKey = "public",
        PrivateKey = "private",
        ClientId = "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    };
}
