using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Duty;

/// <summary>The ways to reach me, and a test for each.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class ChannelsModel(
    ChannelQueries channels, CreateChannel create, ChangeChannel change, DeleteChannel delete, TestChannel test, TestPerson testAll, SendNumberCode code, ConfirmNumber confirm, Caller caller) : PageModel
{
    public IReadOnlyList<ChannelRow> Channels { get; private set; } = [];

    [BindProperty]
    public ChannelFields Form { get; set; } = new();

    /// <summary>The channel whose form was refused; null for the one to be added.</summary>
    public Guid? Editing { get; private set; }

    /// <summary>A signing secret just made, shown this once.</summary>
    public string? NewSecret { get; private set; }

    /// <summary>What came of the test messages just sent.</summary>
    public PersonTested? Tested { get; private set; }

    /// <summary>A kind of channel in words.</summary>
    public static string KindName(ChannelKind kind) => kind switch
    {
        ChannelKind.Ntfy => "ntfy (push to the phone)",
        ChannelKind.Webhook => "Webhook (signed)",
        ChannelKind.Teams => "Microsoft Teams (workflow)",
        ChannelKind.Sms => "SMS (text message)",
        ChannelKind.Slack => "Slack (incoming webhook)",
        _ => kind.ToString(),
    };

    public bool MayChange => User.IsAtLeast(PersonRole.Responder);

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancel)
    {
        var added = await create.RunAsync(User.PersonId, Form.Kind, Form.ToDraft(null, true), caller.Person, cancel);
        if (added.Failure is { } refused) return await RefuseAsync(refused, null, cancel);
        if (added.Value.Channel.AwaitsCode) return await OnPostCodeAsync(added.Value.Channel.Id, cancel);
        if (added.Value.NewSecret is null) return Done($"{added.Value.Channel.Name} is added. Test it now: a page at night must not be the first.");
        (NewSecret, Form) = (added.Value.NewSecret, new ChannelFields());
        ModelState.Clear();
        await LoadAsync(cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(Guid id, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        if (Channels.FirstOrDefault(channel => channel.Id == id) is not { } stored) return Done(new ChannelNotFound(id).Message, refused: true);
        var saved = await change.RunAsync(id, Form.ToDraft(stored.Position, Form.Enabled), caller.Person, cancel);
        return saved.Failure is { } refused ? await RefuseAsync(refused, id, cancel) : Done("Saved.");
    }

    public async Task<IActionResult> OnPostCodeAsync(Guid id, CancellationToken cancel)
    {
        var sent = await code.RunAsync(id, caller.Person, cancel);
        if (sent.Failure is { } refused) return Done(refused.Message, refused: true);
        return sent.Value.Accepted ? Done("A code is on its way to the number. Enter it below.") : Done("The code could not be sent: " + sent.Value.Detail, refused: true);
    }

    public async Task<IActionResult> OnPostConfirmAsync(Guid id, string? entered, CancellationToken cancel)
    {
        var confirmed = await confirm.RunAsync(id, entered ?? "", caller.Person, cancel);
        return confirmed.Failure is { } refused ? Done(refused.Message, refused: true) : Done($"The number of {confirmed.Value.Name} is confirmed, and alerts use it from now on.");
    }

    /// <summary>Changes places with the channel before it.</summary>
    public async Task<IActionResult> OnPostUpAsync(Guid id, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var order = Channels.ToList();
        var index = order.FindIndex(channel => channel.Id == id);
        if (index <= 0) return RedirectToPage();
        (order[index - 1], order[index]) = (order[index], order[index - 1]);
        for (var place = 1; place <= order.Count; place++)
        {
            var row = order[place - 1];
            if (row.Position == place) continue;
            var moved = await change.RunAsync(row.Id, new ChannelDraft(row.Name, row.Address, null, row.Enabled, place), caller.Person, cancel);
            if (moved.Failure is { } refused) return Done(refused.Message, refused: true);
        }

        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostDeleteAsync(Guid id, CancellationToken cancel)
    {
        var refused = await delete.RunAsync(id, caller.Person, cancel);
        return Done(refused?.Message ?? "The channel is removed.", refused is not null);
    }

    public async Task<IActionResult> OnPostTestAsync(Guid id, CancellationToken cancel)
    {
        var tested = await test.RunAsync(id, caller.Person, cancel);
        if (tested.Failure is { } refused) return Done(refused.Message, refused: true);
        return tested.Value.Accepted ? Done("The test message was taken: " + tested.Value.Detail) : Done("The test message was not taken: " + tested.Value.Detail, refused: true);
    }

    public async Task<IActionResult> OnPostTestAllAsync(CancellationToken cancel)
    {
        var tested = await testAll.RunAsync(User.PersonId, caller.Person, cancel);
        if (tested.Failure is { } refused) return Done(refused.Message, refused: true);
        Tested = tested.Value;
        ModelState.Clear();
        await LoadAsync(cancel);
        return Page();
    }

    private async Task<IActionResult> RefuseAsync(Failure refused, Guid? editing, CancellationToken cancel)
    {
        ModelState.Clear();
        ModelState.Refuse(refused);
        Editing = editing;
        await LoadAsync(cancel);
        return Page();
    }

    private RedirectToPageResult Done(string sentence, bool refused = false)
    {
        TempData.Say(sentence, refused);
        return RedirectToPage();
    }

    private async Task LoadAsync(CancellationToken cancel) => Channels = await channels.ListAsync(User.PersonId, cancel);
}

/// <summary>The form of a channel. An empty secret keeps the stored one, unless it is to be forgotten; so does an empty address that is itself a secret.</summary>
internal sealed class ChannelFields
{
    public ChannelKind Kind { get; set; } = ChannelKind.Ntfy;

    public string? Name { get; set; }

    public string? Address { get; set; }

    public string? Secret { get; set; }

    public bool ForgetSecret { get; set; }

    public bool Enabled { get; set; }

    public ChannelDraft ToDraft(int? position, bool enabled) =>
        new(Name ?? "", Address ?? "", !string.IsNullOrEmpty(Secret) ? Secret : ForgetSecret ? "" : null, enabled, position);
}
