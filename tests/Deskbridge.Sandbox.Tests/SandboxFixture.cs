using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests;

/// <summary>A sandbox of its own on free ports, its control API, and a client that knows nothing of it yet.</summary>
public abstract class SandboxFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sandbox-").FullName;

    /// <summary>Its data folder.</summary>
    public string Folder => _folder;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public SandboxServer Server { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it, or starts it again on what it wrote.</summary>
    public async Task StartAsync()
    {
        Server = await SandboxServer.StartAsync(new SandboxOptions { DataFolder = _folder, AllowPlainHttpLoopbackCallbacks = true }, Time, CancellationToken.None);
        SignIn();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Calls the control API.</summary>
    public async Task<JsonNode> ControlAsync(HttpMethod method, string path, string? json = null)
    {
        using var message = new HttpRequestMessage(method, new Uri(Server.HttpUrl, "/_control" + path));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Server.ControlToken);
        if (json is not null) message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Http.SendAsync(message);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
    }

    /// <summary>Gives the client the keys of the system that it talks to.</summary>
    protected virtual void SignIn()
    {
    }
}
