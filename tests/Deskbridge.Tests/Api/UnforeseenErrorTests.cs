using System.Net;
using Deskbridge.Api;
using Deskbridge.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Deskbridge.Tests.Api;

/// <summary>What nobody foresaw is answered in words, and its cause stands in the log.</summary>
public sealed class UnforeseenErrorTests
{
    [Theory]
    [InlineData("/api/v1/broken", HttpStatusCode.InternalServerError, true)]
    [InlineData("/api/v1/malformed", HttpStatusCode.BadRequest, false)]
    public async Task Exception_IsLogged_UnlessItsAnswerSaysAll(string path, HttpStatusCode status, bool logged)
    {
        var log = new KeptLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddProblemDetails().AddExceptionHandler<ExceptionAnswers>();
        await using var app = builder.Build();
        app.UseErrorAnswers();
        app.MapGet("/api/v1/broken", string () => throw new InvalidOperationException("The icon is not there."));
        app.MapGet("/api/v1/malformed", string () => throw new BadHttpRequestException("Sent wrongly."));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient(new HttpClientHandler()) { BaseAddress = new Uri(app.Urls.First()) };

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(logged, log.Lines.Any(line => line.Contains("The icon is not there.", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, line => line.Contains("Sent wrongly.", StringComparison.Ordinal));
    }
}
