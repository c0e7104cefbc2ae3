using System.Net;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Features;

public sealed class PageSafetyTests(HubHost host) : IClassFixture<HubHost>
{
    /// <summary>Everything that answers without sign-in, but for the style sheets, scripts and pictures. Whatever joins the list needs a reason.</summary>
    private static readonly string[] OpenToAll =
    [
        "/callbacks/{token}", // remote systems know the token and sign their calls
        "/callbacks/{token}/{**appended}", // some append parts of their own
        "/health/live",
        "/health/ready",
        "/intake/callout", // the password of HTTP Basic is the proof
        "/intake/mail",
        "/intake/mailgun",
        "/intake/mailgun/mime",
        "/intake/postmark",
        "/intake/sendgrid",
        "/intake/{secret}/callout", // the address is the proof
        "/intake/{secret}/mail",
        "/intake/{secret}/mailgun",
        "/intake/{secret}/mailgun/mime",
        "/intake/{secret}/postmark",
        "/intake/{secret}/sendgrid",
        "/openapi/{documentName}.json",
        "/twilio/pages/{page:guid}/{attempt:int}", // Twilio signs its calls
        "/twilio/sms",
        "forgot", // who cannot sign in
        "password/{secret}", // the link is the proof
        "problem",
        "setup",
        "sign-in",
        "sign-in/code", // ask for the half sign-in's cookie themselves
        "sign-in/second-factor",
        "theme",
    ];

    [Fact]
    public void EveryEndpoint_AsksForAPolicy_OrIsOnTheListOfOpenOnes()
    {
        var endpoints = Endpoints().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null).ToList();
        var open = endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).ToList();

        Assert.Equal(OpenToAll, open.Select(e => e.RoutePattern.RawText!.TrimEnd('/')).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var undecided = endpoints.Except(open).Where(e => e.Metadata.GetOrderedMetadata<IAuthorizeData>().All(data => data.Policy is null)).Select(e => e.DisplayName);
        Assert.Empty(undecided);
    }

    [Fact]
    public async Task EveryClosedEndpoint_RefusesAStranger()
    {
        await host.PersonAsync(PersonRole.Admin);
        using var stranger = host.Visitor();
        foreach (var endpoint in Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            var path = EndpointPath.Of(endpoint);
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await stranger.Http.SendAsync(request, TestContext.Current.CancellationToken);
                var refused = answer.StatusCode == HttpStatusCode.Unauthorized
                    || (answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.OriginalString.Contains("/sign-in", StringComparison.Ordinal));
                Assert.True(refused, $"{method} {path} answered a stranger with {(int)answer.StatusCode}.");
            }
        }
    }

    [Fact]
    public async Task EveryPage_CarriesTheSecurityHeaders_AndNoInlineScript()
    {
        using var admin = await host.SignedInAsync(PersonRole.Admin);
        foreach (var path in Endpoints().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(EndpointPath.Of).Append("/no-such-page").Distinct(StringComparer.Ordinal))
        {
            using var answer = await admin.GetAsync(path);
            var policy = Header(answer, "Content-Security-Policy");
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
            Assert.True((int)answer.StatusCode < 500, $"{path} answered {(int)answer.StatusCode}.");

            var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(" style=\"", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(" onclick=", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task EveryForm_WithoutItsToken_IsRefused()
    {
        using var admin = await host.SignedInAsync(PersonRole.Admin);
        foreach (var path in Endpoints().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(EndpointPath.Of).Distinct(StringComparer.Ordinal))
        {
            using var answer = await admin.PostAsync(path, []);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"POST {path} without the antiforgery token answered {(int)answer.StatusCode}.");
        }
    }

    [Fact]
    public async Task EveryPage_ByAMethodOrHandlerItDoesNotHave_IsRefusedAndNotDrawn()
    {
        var person = await host.PersonAsync(PersonRole.Admin);
        using var admin = await host.SignedInAsync(person);
        var pages = Endpoints().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(EndpointPath.Of).Append($"/people/{person.Id}").Distinct(StringComparer.Ordinal)
            .Where(path => path != "/sign-out").ToList(); // which takes any POST, and then nobody would be signed in
        var token = await admin.TokenAsync("/profile");
        foreach (var path in pages)
        {
            foreach (var method in new[] { "TRACE", "OPTIONS" })
            {
                using var answer = await admin.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode == HttpStatusCode.MethodNotAllowed, $"{method} {path} answered {(int)answer.StatusCode}.");
            }

            using var unknown = await admin.PostAsync($"{path}?handler=Nope", [("__RequestVerificationToken", token)]);
            Assert.True((int)unknown.StatusCode < 500, $"POST {path}?handler=Nope answered {(int)unknown.StatusCode}.");
        }

        using var nobody = await admin.PostAsync($"/people/{person.Id}?handler=Nope", [("__RequestVerificationToken", token)]);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.DoesNotContain(host.Log, line => line.Contains("An unhandled exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Api_ByCookieWithoutToken_IsRefused()
    {
        using var admin = await host.SignedInAsync(PersonRole.Admin);

        using var answer = await admin.PostJsonAsync("/api/v1/tokens", new { name = "forged" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("RequestVerificationToken", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(PersonRole.Viewer))]
    [InlineData(nameof(PersonRole.Responder))]
    [InlineData(nameof(PersonRole.Dispatcher))]
    public async Task OnlyAdministrators_ReachSettingsAndTheMakingOfPeople(string role)
    {
        await host.PersonAsync(PersonRole.Admin); // Before there is one, every page leads to setup.
        using var visitor = await host.SignedInAsync(Enum.Parse<PersonRole>(role));
        using var program = await host.ProgramAsync(Enum.Parse<PersonRole>(role));

        foreach (var path in new[] { "/settings", "/people/new" }) Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/api/v1/settings")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.PostJsonAsync("/api/v1/people", new { name = "Eve", email = "eve@example.com", role = "admin" })).StatusCode);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    private IEnumerable<RouteEndpoint> Endpoints() => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
