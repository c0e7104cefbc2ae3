using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Deskbridge.Sandbox.Carriers;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>Running carriers on free ports with their own folder, and the clients that the tests use.</summary>
public abstract class CarriersTest : IAsyncLifetime
{
    private const string Token = "control-token";
    private readonly string _folder = Directory.CreateTempSubdirectory("deskbridge-carriers-").FullName;

    internal CarriersServer Server { get; private set; } = null!;
    protected HttpClient Http { get; private set; } = null!;
    protected HttpClient Control { get; private set; } = null!;
    protected virtual TimeProvider Clock => TimeProvider.System;
    internal virtual CarriersOptions Options => new() { DataFolder = _folder, ControlToken = Token };

    public virtual async ValueTask InitializeAsync()
    {
        Server = await CarriersServer.StartAsync(Options, Clock, default);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Server.NtfyUrl };
        Control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Server.NtfyUrl };
        Control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public virtual async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Control.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected async Task RestartAsync()
    {
        Http.Dispose();
        Control.Dispose();
        await Server.DisposeAsync();
        await InitializeAsync();
    }

    protected int SmtpPort => int.Parse(Server.SmtpEndpoint.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);

    protected async Task<JsonElement[]> ArrivedAsync(string carrier, long after = 0) =>
        [.. (await Control.GetFromJsonAsync<JsonElement>($"/_control/{carrier}?after={after}")).GetProperty("items").EnumerateArray()];

    protected async Task OrderAsync(object fault)
    {
        using var answer = await Control.PostAsJsonAsync("/_control/faults", fault);
        Assert.True(answer.StatusCode == System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }
}
