using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Api;

/// <summary>Whatever is sent, wherever: the answer is a clear refusal or the usual one, never a failure of the hub.</summary>
public sealed class EveryEndpointTests(HubHost host) : IClassFixture<HubHost>
{
    private static readonly Dictionary<string, byte[]> Bodies = new(StringComparer.Ordinal)
    {
        ["cut off"] = "{\"name\": "u8.ToArray(),
        ["not UTF-8"] = [.. "{\"name\":\"a"u8, 0xFF, 0xC3, 0x28, .. "\",\"text\":\"b\",\"kind\":\"email\"}"u8],
        ["half a surrogate pair"] = Encoding.UTF8.GetBytes("{\"name\":\"\\ud800\",\"text\":\"\\udc00\",\"address\":\"\\ud83d\"}"),
        ["a list"] = "[1,2,3]"u8.ToArray(),
        ["null"] = "null"u8.ToArray(),
        ["a number"] = "1e999"u8.ToArray(),
        ["wrong kinds"] = "{\"name\":{},\"text\":[1],\"kind\":7,\"members\":\"x\",\"settings\":[],\"email\":true,\"role\":[],\"team\":{},\"deleteFields\":\"maybe\",\"publicUrl\":7,\"enabled\":\"x\"}"u8.ToArray(),
        ["deep"] = Encoding.UTF8.GetBytes(new string('[', 5000)),
        ["NUL"] = "{\"name\":\"a\\u0000b\",\"text\":\"\\u0000\",\"email\":\"a\\u0000@b.c\"}"u8.ToArray(),
    };

    [Fact]
    public async Task AnyBody_IsAnsweredInWords()
    {
        using var program = await host.ProgramAsync(PersonRole.Admin);
        var tried = 0;
        foreach (var (method, path) in Unsafe("/api/", "/callbacks/", "/intake/"))
        {
            foreach (var (name, body) in Bodies)
            {
                var (status, type, text) = await SendAsync(program, method, path, body, "application/json");
                Assert.True((int)status < 500, $"{method} {path} with {name}: {(int)status} {text}");
                Assert.True((int)status < 400 || type == "application/problem+json", $"{method} {path} with {name}: {(int)status} {type} {text}");
                tried++;
            }
        }

        Assert.True(tried > 300, tried.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task TenMegabytes_AreRefusedEverywhere()
    {
        using var program = await host.ProgramAsync(PersonRole.Admin);
        var body = Encoding.UTF8.GetBytes($"{{\"name\":\"{new string('x', 10 * 1024 * 1024)}\"}}");
        foreach (var (method, path) in Unsafe("/api/", "/callbacks/"))
        {
            var (status, type, text) = await SendAsync(program, method, path, body, "application/json");
            Assert.True(status == HttpStatusCode.RequestEntityTooLarge, $"{method} {path}: {(int)status} {text}");
            Assert.Equal("application/problem+json", type);
        }
    }

    [Fact]
    public async Task AnyForm_IsAnsweredWithAPage()
    {
        using var browser = await host.SignedInAsync(PersonRole.Admin);
        var pages = Endpoints().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(EndpointPath.Of).Distinct(StringComparer.Ordinal).Where(path => path is not "/sign-out" and not "/problem").ToList();
        foreach (var path in pages)
        {
            foreach (var (type, body) in new[]
            {
                ("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes($"Form.Name={new string('x', 10 * 1024 * 1024)}")),
                ("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes("Form.Name=%FF%FE%ED%A0%80&Form.Email=%00&%ZZ=%")),
                ("multipart/form-data; boundary=x", Encoding.UTF8.GetBytes("--x\r\nContent-Disposition: form-data; name=\"Form.Name\"\r\n\r\ncut")),
                ("multipart/form-data", Encoding.UTF8.GetBytes("no boundary")),
                ("application/json", Encoding.UTF8.GetBytes("{\"Form\":")),
            })
            {
                var (status, answered, text) = await SendAsync(browser, HttpMethod.Post, path, body, type);
                Assert.True((int)status is >= 300 and < 500, $"POST {path} as {type}: {(int)status} {text}");
                Assert.True((int)status < 400 || answered == "text/html", $"POST {path} as {type}: {(int)status} {answered}");
            }
        }

        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("/api/v1/alerts?q=%FF%FE%00&cursor=%ED%A0%80&limit=99999999999999999999")]
    [InlineData("/api/v1/alerts?q=%00")]
    [InlineData("/api/v1/alerts?cursor=9223372036854775807_00000000000000000000000000000000")]
    [InlineData("/api/v1/alerts?cursor=-9223372036854775808_00000000000000000000000000000000")]
    [InlineData("/api/v1/events?cursor=9223372036854775807.00000000000000000000000000000000")]
    [InlineData("/api/v1/events?ticket=%00%FF&kind=%00")]
    [InlineData("/api/v1/alerts/%FF%00")]
    [InlineData("/events?after=x.y&connection=none&kind=%00&ticket=%FF")]
    [InlineData("/events?after=99999999999999999999.x")]
    [InlineData("/alerts?status=%00&q=%FF&after=%ED%A0%80")]
    [InlineData("/callbacks/%FF%00")]
    [InlineData("/%00")]
    public async Task AnyAddress_IsAnsweredInWords(string path)
    {
        using var browser = await host.SignedInAsync(PersonRole.Admin);

        using var answer = await browser.Http.GetAsync(new Uri(browser.Http.BaseAddress!, path), TestContext.Current.CancellationToken);

        Assert.True((int)answer.StatusCode < 500, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private IEnumerable<(HttpMethod Method, string Path)> Unsafe(params string[] roots) =>
        from endpoint in Endpoints()
        let path = EndpointPath.Of(endpoint)
        where roots.Any(root => path.StartsWith(root, StringComparison.Ordinal))
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["POST"]
        where method is "POST" or "PUT" or "PATCH"
        select (new HttpMethod(method), path);

    private List<RouteEndpoint> Endpoints() => [.. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static async Task<(HttpStatusCode Status, string? Type, string Text)> SendAsync(Visitor visitor, HttpMethod method, string path, byte[] body, string type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await visitor.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
