using System.Net;

namespace Deskbridge.Simulation.Crash;

/// <summary>
/// One ticket's life as one person and one technician play it, and what must be left of it: every answer the hub gave is written down here,
/// and whatever was asked for is asked again until it is answered.
/// </summary>
internal sealed class Case(CrashWorld world, string kind, int number)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(80);

    private string? _noteId;
    private int _edits;

    public string Title => $"Case {number:000} {kind}";

    public int Ticket { get; private set; }

    public Guid AlertId { get; private set; }

    /// <summary>State actions that were answered 2xx, in order.</summary>
    public List<string> Done { get; } = [];

    /// <summary>Notes that were answered 2xx: marker and text.</summary>
    public List<(string Marker, string Text)> Notes { get; } = [];

    /// <summary>Marks of files that were answered 2xx.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Actions sent one right after the other may be planned as one, and a write of an overtaken one may be left out.</summary>
    public bool Hasty { get; init; }

    /// <summary>What the alert must be in the end.</summary>
    public string Ends { get; init; } = "acknowledged";

    /// <summary>What the ticket must be in the end.</summary>
    public string Status { get; init; } = world.Technician.Taken;

    /// <summary>Whether Dana must own the ticket in the end; null when either is right.</summary>
    public bool? Owned { get; init; } = true;

    public async Task OpenAsync()
    {
        Ticket = await world.Technician.OpenAsync(Title);
        await EventuallyAsync("the alert is raised", async () =>
        {
            var found = (await world.Hub.GetAsync($"alerts?q={Uri.EscapeDataString(Title)}", default))!["items"]!.AsArray();
            if (found.Count == 0) return false;
            AlertId = Guid.Parse((string)found[0]!["id"]!);
            return true;
        });
        await RingsAsync(1);
    }

    /// <summary>As <see cref="OpenAsync"/>, but asks the hub nothing: whoever is paged reads which alert it is about. Answers how long that took.</summary>
    public async Task<TimeSpan> AppearAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        Ticket = await world.Technician.OpenAsync(Title);
        try
        {
            AlertId = (await world.Phone.FirstAsync(Title).WaitAsync(Patience)).AlertId;
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{Title} (ticket {Ticket}): Dana's phone did not ring within {Patience.TotalSeconds} seconds.", late);
        }

        return TimeProvider.System.GetElapsedTime(began);
    }

    public Task RingsAsync(int episode) => EventuallyAsync($"Dana's phone rings in episode {episode}", () => Task.FromResult(world.Phone.Rings.Any(r => r.Title == Title && r.Episode == episode)));

    /// <summary>acknowledge, unacknowledge, close or reopen.</summary>
    public async Task ActAsync(string action)
    {
        var (status, body) = await world.Hub.PostAsync($"alerts/{AlertId}/{action}", null, null, default);
        if (status == HttpStatusCode.OK) Done.Add(action);
        else if (status != HttpStatusCode.Conflict || !Hasty) throw new InvalidOperationException($"{Title}: {action} was refused with {(int)status}: {body}");
    }

    public async Task NoteAsync(string text)
    {
        var (status, body) = await world.Hub.PostAsync($"alerts/{AlertId}/notes", new { text }, Guid.CreateVersion7().ToString(), default);
        if (status != HttpStatusCode.Created) throw new InvalidOperationException($"{Title}: the note was refused with {(int)status}: {body}");
        Notes.Add(((string)body!["marker"]!, text));
        _noteId = (string)body["id"]!;
    }

    /// <summary>Where tickets take files.</summary>
    public async Task AttachAsync(string name, byte[] bytes)
    {
        if (!world.Technician.TakesFiles) return;
        var (status, body) = await world.Hub.PostAsync($"alerts/{AlertId}/files?name={name}", bytes, Guid.CreateVersion7().ToString(), default);
        if (status != HttpStatusCode.Created) throw new InvalidOperationException($"{Title}: the file was refused with {(int)status}: {body}");
        Files.Add((string)body!["marker"]!);
    }

    /// <summary>Edits the note that was written last; its ticket note may be on its way.</summary>
    public async Task EditNoteAsync(string text)
    {
        var (status, body) = await world.Hub.PutAsync($"alerts/{AlertId}/notes/{_noteId}", new { text, version = ++_edits }, default);
        if (status != HttpStatusCode.OK) throw new InvalidOperationException($"{Title}: the edit was refused with {(int)status}: {body}");
        Notes[^1] = (Notes[^1].Marker, text);
    }

    /// <summary>The last note stands on the ticket with this text.</summary>
    public Task NoteReadsAsync(string text) => EventuallyAsync($"the note reads \"{text}\"", async () =>
        (await world.Technician.NotesAsync(Ticket)).Any(note => note.StartsWith(text, StringComparison.Ordinal)));

    public Task SetStatusAsync(string status) => world.Technician.SetStatusAsync(Ticket, status);

    public Task RetitleAsync(string more) => world.Technician.RetitleAsync(Ticket, $"{Title} {more}");

    public Task TechnicianNoteAsync(string text) => world.Technician.NoteAsync(Ticket, text);

    public Task TicketShowsAsync(string status) => EventuallyAsync($"the ticket is \"{status}\"", async () =>
        await world.Technician.StatusAsync(Ticket) == status);

    /// <summary>Where tickets carry one.</summary>
    public Task MarkerShowsAsync(string word) => EventuallyAsync($"the marker is \"{word}\"", async () => !world.Technician.HasMarkers || await world.Technician.MarkerAsync(Ticket) == word);

    public Task AlertIsAsync(string state) => EventuallyAsync($"the alert is {state}", async () =>
        (string?)(await world.Hub.GetAsync($"alerts/{AlertId}", default))!["status"] == state);

    private async Task EventuallyAsync(string what, Func<Task<bool>> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException($"{Title} (ticket {Ticket}): not within {Patience.TotalSeconds} seconds: {what}");
            await Task.Delay(LookAgain);
        }
    }
}
