using Deskbridge.Sandbox.Carriers.Mail;
using Deskbridge.Sandbox.Carriers.Ntfy;
using Deskbridge.Sandbox.Carriers.Slack;
using Deskbridge.Sandbox.Carriers.Teams;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>What arrived at each carrier, on disk.</summary>
internal sealed record CarrierLogs(AppendLog<StoredNtfy> Ntfy, AppendLog<StoredMail> Mail, AppendLog<StoredRun> Teams, AppendLog<StoredSlack> Slack) : IAsyncDisposable
{
    public static CarrierLogs Open(string folder) => new(
        AppendLog<StoredNtfy>.Open(Path.Combine(folder, "ntfy.jsonl")),
        AppendLog<StoredMail>.Open(Path.Combine(folder, "mail.jsonl")),
        AppendLog<StoredRun>.Open(Path.Combine(folder, "teams.jsonl")),
        AppendLog<StoredSlack>.Open(Path.Combine(folder, "slack.jsonl")));

    public async ValueTask DisposeAsync()
    {
        await Ntfy.DisposeAsync();
        await Mail.DisposeAsync();
        await Teams.DisposeAsync();
        await Slack.DisposeAsync();
    }
}
