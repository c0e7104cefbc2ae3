using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>
/// Reads a connection's rules again. A changed version takes force at once, unless it would newly raise many alerts: then it waits for a
/// person's word. A version with an unreadable clause, or one that fights with itself,
/// never takes force.
/// </summary>
internal sealed partial class RefreshRules(
    ConnectorPool pool,
    ConnectionMonitor monitor,
    RuleForce force,
    RulePreview preview,
    LawCheck laws,
    RemoteAnswers answers,
    HubAlerts alerts,
    HubStore store,
    RandomIds ids,
    IOptions<ConnectionsOptions> options,
    TimeProvider clock,
    ILogger<RefreshRules> logger)
{
    /// <summary>Cause of the alert about a change that a person must confirm.</summary>
    internal const string HeldCause = "rules-changed";

    /// <summary>Cause of the alert about changed rules that cannot be used.</summary>
    internal const string UnusableCause = "rules";

    private const string ClashCause = "rules-clash";

    /// <summary>Statuses and settings change the outcome too, so the rules in force are held to their laws again now and then.</summary>
    private static readonly TimeSpan LawsHoldFor = TimeSpan.FromHours(1);

    /// <summary>What was told last per connection, so that a lasting trouble is told once and not every minute. Empty when all was well.</summary>
    private readonly ConcurrentDictionary<Guid, string> _told = new();

    /// <summary>When the rules in force were last held to their laws, and with which settings.</summary>
    private readonly ConcurrentDictionary<Guid, (Guid? Rules, int Settings, DateTimeOffset At)> _lawful = new();

    /// <summary>The rule book that a person saves, by its hash, and how many alerts at once they agreed to.</summary>
    private readonly ConcurrentDictionary<Guid, (string Hash, int Raises)> _agreed = new();

    /// <summary>What both evaluators made of the rules read last, by their hash: a change that waits is not compared anew every minute.</summary>
    private readonly ConcurrentDictionary<Guid, (string Hash, EvaluatorChoice Choice, DateTimeOffset At)> _chosen = new();

    /// <summary>Who made the change that was read last, by its hash: one that waits is read again every minute.</summary>
    private readonly ConcurrentDictionary<Guid, (string Hash, string Who)> _who = new();

    /// <summary>One at a time per connection: what was read earlier must not take force later.</summary>
    private readonly Turns _turns = new();

    /// <summary>A person has seen how many alerts these rules raise at once, and saves them: they are not held for that number.</summary>
    public void Agree(Guid connectionId, RuleBook book, int raises) => _agreed[connectionId] = (RuleReading.HashOf(book), raises);

    /// <summary>The rules were saved, or not: the word of <see cref="Agree"/> holds for no later change to the same text.</summary>
    public void TakeBack(Guid connectionId, RuleBook book)
    {
        if (_agreed.TryGetValue(connectionId, out var agreed) && agreed.Hash == RuleReading.HashOf(book)) _agreed.TryRemove(new(connectionId, agreed));
    }

    /// <summary>Reads the rules of one connection and acts on a change.</summary>
    public async Task<RuleRefresh> RunAsync(Guid connectionId, CancellationToken cancel)
    {
        using var turn = await _turns.TakeAsync(connectionId, cancel);
        return await RefreshAsync(connectionId, cancel);
    }

    private async Task<RuleRefresh> RefreshAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsRules reader } live) return RuleRefresh.NotRunning;
        if (monitor.IsOpen(connectionId, clock.GetUtcNow())) return RuleRefresh.NotRunning;
        RuleBook book;
        IReadOnlyList<RuleProblem>? broken = null;
        var choice = EvaluatorChoice.AllHere;
        var who = "";
        using (CallClassScope.Use(CallClass.Sweeps))
        {
            try
            {
                book = await reader.ReadRulesAsync(cancel);
                if (live.Rules?.Body != book.Body) who = await WhoAsync(live, book, cancel);
                if (!book.Problems.Any(problem => problem.Blocks) && (live.Rules?.Body != book.Body || LawsAreDue(live))) broken = await laws.RunAsync(live, reader, book, cancel);
                if (broken is not null && live.Rules?.Body != book.Body) choice = await ChooseAsync(live, reader, book, cancel);
            }
            catch (ConnectorException failure)
            {
                await monitor.FailedAsync(connectionId, failure, "Reading the rules", cancel);
                return RuleRefresh.NotRunning;
            }
        }

        var same = live.Rules?.Body == book.Body;
        var blocking = book.Problems.Concat(same ? [] : broken ?? []).Concat(choice.Problems).Where(problem => problem.Blocks).ToList();
        if (blocking.Count > 0) return await RefuseAsync(live, book, blocking, who, cancel);
        if (!same) return await ChangeAsync(live, reader, book, broken ?? [], choice, who, cancel);
        if (broken is not null) await TellLawsAsync(live, broken, cancel);
        return await SettleAsync(live, cancel);
    }

    private async Task<EvaluatorChoice> ChooseAsync(LiveConnection live, IReadsRules reader, RuleBook book, CancellationToken cancel)
    {
        var (hash, now) = (RuleReading.HashOf(book), clock.GetUtcNow());
        if (_chosen.TryGetValue(live.Id, out var known) && known.Hash == hash && !known.Choice.Problems.Any(problem => problem.Blocks) && now - known.At < LawsHoldFor) return known.Choice;
        var choice = await ChooseEvaluators.RunAsync(live, reader, book, cancel);
        _chosen[live.Id] = (hash, choice, now);
        return choice;
    }

    private async Task<string> WhoAsync(LiveConnection live, RuleBook book, CancellationToken cancel)
    {
        var hash = RuleReading.HashOf(book);
        if (_who.TryGetValue(live.Id, out var known) && known.Hash == hash) return known.Who;
        var who = await RuleDrift.LastChangedAsync(live, book, cancel);
        _who[live.Id] = (hash, who);
        return who;
    }

    private bool LawsAreDue(LiveConnection live) =>
        !_lawful.TryGetValue(live.Id, out var last) || last.Rules != live.RuleVersionId || last.Settings != live.Connection.Version || clock.GetUtcNow() - last.At >= LawsHoldFor;

    /// <summary>The rules in force may come to break a law by a change of a board or of the settings: they go on, and people are told.</summary>
    private async Task TellLawsAsync(LiveConnection live, IReadOnlyList<RuleProblem> broken, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await store.WriteAsync(
            async db =>
            {
                if (await db.RuleVersions.FindAsync([live.RuleVersionId], cancel) is not { } version) return;
                var before = version.BrokenLaws;
                version.BrokenLaws = Json.Write(broken);
                var blocking = broken.Where(problem => problem.Blocks).ToList();
                if (blocking.Count == 0) await alerts.ClearAsync(db, live.Id, ClashCause, "The rules no longer contradict each other.", now, cancel);
                if (before == version.BrokenLaws || broken.Count == 0) return;
                var message = string.Join(' ', broken.Select(problem => problem.Message));
                db.LogConnectionEvent(live.Id, "rules", null, $"The rules in force contradict each other. {message}", null, null, now);
                if (blocking.Count > 0) await alerts.RaiseAsync(db, live.Id, ClashCause, $"Rules of '{live.Connection.Name}' contradict each other", message, now, cancel);
            },
            cancel);
        _lawful[live.Id] = (live.RuleVersionId, live.Connection.Version, now);
    }

    private async Task<RuleRefresh> ChangeAsync(
        LiveConnection live, IReadsRules reader, RuleBook book, IReadOnlyList<RuleProblem> broken, EvaluatorChoice choice, string who, CancellationToken cancel)
    {
        var before = await store.ReadAsync(db => answers.JudgeAsync(db, live, cancel), cancel);
        var raising = await preview.CountAsync(live, book, choice.Judge(reader), before, cancel);
        var now = clock.GetUtcNow();
        var difference = RuleReading.Difference(live.Rules, book);
        var held = raising > Math.Max(options.Value.RuleChangeLimit, _agreed.TryGetValue(live.Id, out var agreed) && agreed.Hash == RuleReading.HashOf(book) ? agreed.Raises : 0);
        var isNews = await store.WriteAsync(
            async db =>
            {
                var version = await RuleReading.StoreAsync(db, live.Id, book, broken, choice, ids, now, cancel);
                var connection = (await db.Connections.FindAsync([live.Id], cancel))!;
                if (connection.RuleVersionId == version.Id) return false;
                await alerts.ClearAsync(db, live.Id, UnusableCause, "The rules can be used.", now, cancel);
                if (!held)
                {
                    await choice.KeepAsync(db, live.Id, book, now, cancel);
                    foreach (var notice in choice.Notices(book)) db.LogConnectionEvent(live.Id, "rules", null, notice, null, null, now, warn: true);
                    await force.TakeAsync(db, connection, version.Id, book.AgeWindow, live.RemoteNow, cancel);
                    await alerts.ClearAsync(db, live.Id, HeldCause, "The changed rules are in force.", now, cancel);
                    await alerts.ClearAsync(db, live.Id, AskRules.SilentCause, "The rules changed.", now, cancel);
                    db.LogConnectionEvent(live.Id, "rules", null, $"The rules changed and are in force; tickets that newly match: {raising}.{who}", book.Body, difference, now);
                    return true;
                }

                if (connection.HeldRuleVersionId == version.Id) return false;
                connection.HeldRuleVersionId = version.Id;
                var message = $"The rules changed and would raise {raising} alerts at once. The old rules stay in force until somebody confirms the change on the connection's page.{who}";
                db.LogConnectionEvent(live.Id, "rules", null, message, book.Body, difference, now);
                await alerts.RaiseAsync(db, live.Id, HeldCause, $"Changed rules of '{connection.Name}' wait for a confirmation", message, now, cancel);
                return true;
            },
            cancel);
        _told[live.Id] = "";
        if (isNews) force.Announce(live.Id);
        return held ? RuleRefresh.Held : RuleRefresh.InForce;
    }

    private async Task<RuleRefresh> RefuseAsync(LiveConnection live, RuleBook book, List<RuleProblem> blocking, string who, CancellationToken cancel)
    {
        var message = string.Join(' ', blocking.Select(problem => $"Rule \"{problem.Rule}\": {problem.Message}"));
        if (_told.TryGetValue(live.Id, out var told) && told == message) return RuleRefresh.Unusable;
        var now = clock.GetUtcNow();
        await store.WriteAsync(
            async db =>
            {
                db.LogConnectionEvent(live.Id, "rules", null, $"The changed rules cannot be used; the old ones stay in force. {message}{who}", book.Body, RuleReading.Difference(live.Rules, book), now);
                await alerts.RaiseAsync(db, live.Id, UnusableCause, $"Changed rules of '{live.Connection.Name}' cannot be used", $"{message} The rules read before stay in force.", now, cancel);
            },
            cancel);
        _told[live.Id] = message;
        LogUnusable(logger, live.Connection.Name, message);
        return RuleRefresh.Unusable;
    }

    [LoggerMessage(3020, LogLevel.Warning, "The changed rules of connection {Connection} cannot be used; the old ones stay in force. {Reason}")]
    private static partial void LogUnusable(ILogger logger, string connection, string reason);

    /// <summary>The rules are those in force: whatever was held or unreadable is gone.</summary>
    private async Task<RuleRefresh> SettleAsync(LiveConnection live, CancellationToken cancel)
    {
        if (live.Connection.HeldRuleVersionId is null && _told.TryGetValue(live.Id, out var told) && told.Length == 0) return RuleRefresh.Same;
        var now = clock.GetUtcNow();
        await store.WriteAsync(
            async db =>
            {
                if (await db.Connections.FindAsync([live.Id], cancel) is { HeldRuleVersionId: not null } connection)
                {
                    connection.HeldRuleVersionId = null;
                    db.LogConnectionEvent(live.Id, "rules", null, "The change that waited was taken back; the rules in force are unchanged.", null, null, now);
                }

                await alerts.ClearAsync(db, live.Id, HeldCause, "The change was taken back.", now, cancel);
                await alerts.ClearAsync(db, live.Id, UnusableCause, "The rules can be used.", now, cancel);
            },
            cancel);
        _told[live.Id] = "";
        force.Announce(live.Id);
        return RuleRefresh.Same;
    }
}

/// <summary>What reading the rules again came to.</summary>
internal enum RuleRefresh
{
    /// <summary>The connection does not run, has no rules or did not answer.</summary>
    NotRunning,

    /// <summary>Nothing changed.</summary>
    Same,

    /// <summary>A change is in force.</summary>
    InForce,

    /// <summary>A change waits for a person's word.</summary>
    Held,

    /// <summary>A change cannot be read or fights with itself; the old rules stay.</summary>
    Unusable,
}
