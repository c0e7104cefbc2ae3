using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;

namespace Deskbridge.Simulation.Crash;

/// <summary>What must be true of one ticket after all the kills.</summary>
internal sealed class CaseChecks(Case it, Evidence evidence, Technician technician, Guid danaId)
{
    private readonly List<string> _wrong = [];
    private readonly List<Commit> _ticket = [.. evidence.About(it.Ticket).Where(c => c.Thing == Thing.Ticket)];

    /// <summary>Each thing that is wrong, with the log of the ticket.</summary>
    public IEnumerable<string> Run()
    {
        var link = evidence.LinksOf(it.Ticket).ToList();
        var alerts = link.SelectMany(evidence.AlertsOf).ToList();
        Same("links", 1, link.Count);
        Same("alerts", 1, alerts.Count);
        if (alerts.Count == 1)
        {
            CheckEnd(alerts[0]);
            CheckWrites();
            CheckTransitions();
            CheckNotes(alerts[0]);
            CheckFiles();
            CheckAnswers(alerts[0]);
            CheckPages(alerts[0]);
        }

        return _wrong.Count == 0 ? [] : [$"{it.Title} (ticket {it.Ticket}):\n    {string.Join("\n    ", _wrong)}\n{evidence.Tell(it.Ticket)}"];
    }

    /// <summary>Marker, status and owner of the ticket agree with the alert, and both are what they must be.</summary>
    private void CheckEnd(Alert alert)
    {
        var last = _ticket[^1];
        Same("alert state", it.Ends, alert.Status.ToString().ToLowerInvariant());
        Same("ticket status", it.Status, last.StatusName);
        if (it.Owned is { } owned) Same("owner is set", owned, last[TicketFields.Owner] is not null);
        if (!technician.HasMarkers) return;
        Same("retrieved marker", "true", last[TicketFields.MarkerRetrieved]);
        Same("status marker", alert.Status switch { AlertStatus.Acknowledged => "Acknowledged", AlertStatus.Closed => "Resolved", _ => null }, last[TicketFields.MarkerStatus]);
        if (it.Owned is { } user) Same("user marker", user ? CrashWorld.Email : null, last[TicketFields.MarkerUser]);
    }

    /// <summary>Every confirmed write of the ledger changed the ticket in exactly one commit, in the ledger's order, and no commit of the hub is without one.</summary>
    private void CheckWrites()
    {
        var effects = evidence.EffectsOf(it.Ticket).ToList();
        List<Effect> sent = [.. effects.Where(e => e is { Kind: EffectKind.Transition or EffectKind.Field, SentAt: not null })];
        List<Commit> commits = [.. _ticket.Where(c => c is { IsHub: true, ChangesFields: true })];
        if (!Explain(sent, commits, 0, 0))
        {
            _wrong.Add(
                $"the hub's commits ({string.Join(", ", commits.Select(c => c.Seq))}) and its writes ({string.Join(", ", sent.Select(e => $"{e.Seq} {e.State}"))}) do not belong to each other, "
                + "one each and in order: a confirmed write is not in the log, or a commit was made twice or never intended");
        }

        foreach (var effect in effects.Where(e => e.State is EffectState.Rejected or EffectState.Dead))
            _wrong.Add($"write {effect.Seq} ended as {effect.State}: {effect.Error}");
    }

    /// <summary>Whether the writes from one on account for exactly the commits from one on. A confirmed write made one commit, any other one or none.</summary>
    private static bool Explain(List<Effect> sent, List<Commit> commits, int write, int commit)
    {
        if (write == sent.Count) return commit == commits.Count;
        var effect = sent[write];
        var made = commit < commits.Count && Json.Read<FieldWrite>(effect.Payload).Set.All(s => commits[commit][s.Key] == s.Value);
        return (made && Explain(sent, commits, write + 1, commit + 1)) || (effect.State != EffectState.Confirmed && Explain(sent, commits, write + 1, commit));
    }

    /// <summary>Counted without the ledger: what people did in the hub set the status once each, and nothing else did; no closed ticket was opened but by a re-open.</summary>
    private void CheckTransitions()
    {
        int assigned = 0, closed = 0, back = 0, opened = 0;
        for (var i = 1; i < _ticket.Count; i++)
        {
            var (before, now) = (_ticket[i - 1], _ticket[i]);
            if (now is not { IsHub: true, ChangesStatus: true }) continue;
            if (before.Closed && !now.Closed) opened++;
            if (now.StatusName == technician.Taken) assigned++;
            else if (now.StatusName == technician.Closed) closed++;
            else back++;
        }

        Times("set to assigned", Count("acknowledge"), assigned);
        Times("closed", Count("close"), closed);
        Times("put back", Count("unacknowledge") + Count("reopen"), back);
        if (opened > Count("reopen")) _wrong.Add($"the hub opened the closed ticket {opened} times, asked for were {Count("reopen")}");
        if (!technician.HasMarkers) return;
        var entries = evidence.About(it.Ticket).Where(c => c is { Thing: Thing.ScheduleEntry, IsHub: true }).GroupBy(c => c.Id).ToList();
        var open = entries.Count(entry => !entry.Last().Done);
        if (entries.Count > Math.Max(1, Count("acknowledge")) || open > 1 || (it.Owned == true && open != 1)) _wrong.Add($"{entries.Count} schedule entries, {open} of them open, instead of one");
    }

    /// <summary>Every note that was answered is on the ticket once, with its text, and so is every note that tells of a state; and no other.</summary>
    private void CheckNotes(Alert alert)
    {
        var commits = evidence.About(it.Ticket).Where(c => c is { Thing: Thing.Note, IsHub: true }).ToList();
        var written = commits.GroupBy(c => c.Id).Select(note => note.Last().Text).ToList();
        var telling = Telling(alert).Select(note => (note.Marker, note.Text)).ToList();
        if (technician.TellsStates) Times("told a state in a note", Count("acknowledge") + Count("close"), telling.Count);
        Same("notes on the ticket", it.Notes.Count + telling.Count, commits.Count(c => c.Added));
        Same("edits that made two commits", 0, commits.Where(c => !c.Added).CountBy(c => (c.Id, c.Text)).Count(made => made.Value > 1));
        foreach (var (marker, text) in it.Notes.Concat(telling))
            Same($"times the note #{marker} is on the ticket", 1, written.Count(w => w.StartsWith(text, StringComparison.Ordinal) && w.EndsWith($"via Deskbridge #{marker}", StringComparison.Ordinal)));
    }

    /// <summary>Every file that was answered is a document of the ticket once, and no other is.</summary>
    private void CheckFiles()
    {
        var titles = evidence.About(it.Ticket).Where(c => c is { Thing: Thing.File, IsHub: true }).Select(c => c.Text).ToList();
        Same("documents of the ticket", it.Files.Count, titles.Count);
        foreach (var marker in it.Files) Same($"times the document #{marker} is on the ticket", 1, titles.Count(title => title.EndsWith($"via Deskbridge #{marker})", StringComparison.Ordinal)));
    }

    /// <summary>What the API answered 2xx is in the hub, once each.</summary>
    private void CheckAnswers(Alert alert)
    {
        foreach (var (action, line) in (ReadOnlySpan<(string, string)>)[("acknowledge", "acknowledged"), ("unacknowledge", "unacknowledged"), ("close", "closed"), ("reopen", "reopened")])
        {
            var lines = evidence.LinesOf(alert).Count(l => l.Kind == line && l.PersonId == danaId);
            if (lines < Count(action) || (!it.Hasty && lines != Count(action))) _wrong.Add($"{action}: answered {Count(action)} times, in the timeline {lines} times");
        }

        Same("notes in the hub", it.Notes.Count + Telling(alert).Count(), evidence.Notes.Count(n => n.AlertId == alert.Id));
    }

    /// <summary>The hub's own notes that tell of a state; nobody typed them.</summary>
    private IEnumerable<AlertNote> Telling(Alert alert) => evidence.Notes.Where(n => n.AlertId == alert.Id && n.ClientKey?.Contains(":t", StringComparison.Ordinal) == true);

    /// <summary>Every episode was paged by both channels unless it ended first; a page arrived again only for an attempt that a kill left in doubt.</summary>
    private void CheckPages(Alert alert)
    {
        var pages = evidence.PagesOf(alert).Where(p => p.Step != Page.WarningStep).ToList();
        foreach (var page in pages)
        {
            var arrived = evidence.Arrived(page);
            var doubts = evidence.Doubts(page);
            if (arrived > page.Attempts || arrived > 1 + doubts) _wrong.Add($"page {page.Id} arrived {arrived} times in {page.Attempts} attempts, {doubts} of them in doubt");
            if (page.State == PageState.Accepted && arrived == 0) _wrong.Add($"page {page.Id} counts as accepted and never arrived");
            if (page.State == PageState.Failed) _wrong.Add($"page {page.Id} failed: {page.Error}");
        }

        var episodes = it.Hasty ? 1 : 1 + Count("unacknowledge") + Count("reopen");
        for (var episode = 1; episode <= episodes; episode++)
            if (!pages.Exists(p => p.Episode == episode && evidence.Arrived(p) > 0)) _wrong.Add($"nobody was paged in episode {episode}");
    }

    private int Count(string action) => it.Done.Count(done => done == action);

    private void Times(string what, int expected, int actual)
    {
        if (it.Hasty ? actual > Math.Max(1, expected) : actual != expected) _wrong.Add($"the hub {what} {actual} times, people did {expected} times");
    }

    private void Same<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual)) _wrong.Add($"{what}: {actual?.ToString() ?? "none"} instead of {expected?.ToString() ?? "none"}");
    }
}
