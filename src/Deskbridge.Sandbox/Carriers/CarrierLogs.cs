using Deskbridge.Sandbox.Carriers.Mail;
using Deskbridge.Sandbox.Carriers.Ntfy;
using Deskbridge.Sandbox.Carriers.Push;
using Deskbridge.Sandbox.Carriers.Slack;
using Deskbridge.Sandbox.Carriers.Teams;
using Deskbridge.Sandbox.Carriers.Twilio;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>What arrived at each carrier, on disk.</summary>
internal sealed record CarrierLogs(AppendLog<StoredNtfy> Ntfy, AppendLog<StoredMail> Mail, AppendLog<StoredRun> Teams, AppendLog<StoredSlack> Slack, AppendLog<TwilioLine> Twilio, AppendLog<PushLine> Push) : IAsyncDisposable
{
    public static CarrierLogs Open(string folder) => new(
        AppendLog<StoredNtfy>.Open(Path.Combine(folder, "ntfy.jsonl")),
        AppendLog<StoredMail>.Open(Path.Combine(folder, "mail.jsonl")),
        AppendLog<StoredRun>.Open(Path.Combine(folder, "teams.jsonl")),
        AppendLog<StoredSlack>.Open(Path.Combine(folder, "slack.jsonl")),
        AppendLog<TwilioLine>.Open(Path.Combine(folder, "twilio.jsonl")),
        AppendLog<PushLine>.Open(Path.Combine(folder, "push.jsonl")));

    public async ValueTask DisposeAsync()
    {
        await Ntfy.DisposeAsync();
        await Mail.DisposeAsync();
        await Teams.DisposeAsync();
        await Slack.DisposeAsync();
        await Twilio.DisposeAsync();
        await Push.DisposeAsync();
    }
}
