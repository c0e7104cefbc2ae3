using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Intake;

/// <summary>A team that somebody is on duty in, with addresses for mails and callouts, and who sends there.</summary>
internal sealed class TeamBox : IDisposable
{
    private readonly IServiceProvider _services;
    private readonly HttpClient _sender;

    private TeamBox(IServiceProvider services, Uri hub, Guid teamId, string secret)
    {
        (_services, TeamId, Secret) = (services, teamId, secret);
        _sender = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = hub };
    }

    public Guid TeamId { get; }

    public string Secret { get; }

    public Uri Mail => new(_sender.BaseAddress!, $"/intake/{Secret}/mail");

    /// <summary>A team of its own, with a member on duty whom an alert pages.</summary>
    public static async Task<TeamBox> MakeAsync(HubHost host, Person member)
    {
        T Get<T>()
            where T : notnull => host.Services.GetRequiredService<T>();
        var admin = await host.PersonAsync(PersonRole.Admin);
        var team = Value(await Get<CreateTeam>().RunAsync(new TeamDraft($"Team {Guid.CreateVersion7():N}"), admin, default));
        Assert.Null(await Get<SetTeamMembers>().RunAsync(team.Id, [member.Id], admin, default));
        Value(await Get<PunchIn>().RunAsync(team.Id, member.Id, admin, default));
        return await OfAsync(host.Services, host.Hub.Address, team.Id, admin);
    }

    /// <summary>Gives a team addresses.</summary>
    public static async Task<TeamBox> OfAsync(IServiceProvider services, Uri hub, Guid teamId, Person by)
    {
        Value(await services.GetRequiredService<SetIntake>().RunAsync(teamId, new IntakeDraft(), by, default));
        return new TeamBox(services, hub, teamId, (await services.GetRequiredService<IntakeQueries>().GetAsync(teamId, default))!.Secret!);
    }

    /// <summary>Posts to one of the addresses. Answers the status and what the hub says.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Said)> PostAsync(string form, HttpContent content, string? secret = null)
    {
        using var answer = await _sender.PostAsync($"/intake/{secret ?? Secret}/{form}", content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>A mail, as a mail server hands it over. Answers what became of it.</summary>
    public async Task<JsonNode> SendAsync(string raw)
    {
        var (status, said) = await PostAsync("mail", new ByteArrayContent(Encoding.UTF8.GetBytes(raw.ReplaceLineEndings("\r\n"))));
        Assert.True(status == HttpStatusCode.OK, said.ToString());
        return said;
    }

    /// <summary>A callout with user and password, as Autotask sends it.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Said)> CallAsync(string body, string type, string? password = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/intake/callout") { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("deskbridge:" + (password ?? Secret))));
        using var answer = await _sender.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>The team's alerts, oldest first.</summary>
    public Task<List<Alert>> AlertsAsync() => ReadAsync(db => db.Alerts.Where(alert => alert.TeamId == TeamId).OrderBy(alert => alert.RaisedAt).ToListAsync());

    public async Task<AlertDetail> DetailAsync(Guid alert) => (await _services.GetRequiredService<AlertQueries>().GetAsync(alert, default))!;

    public Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read) => _services.GetRequiredService<HubStore>().ReadAsync(read, default);

    public void Dispose() => _sender.Dispose();

    private static T Value<T>(Result<T> result)
    {
        Assert.True(result.Failure is null, result.Failure?.Message);
        return result.Value;
    }
}
