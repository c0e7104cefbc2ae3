using System.Text.Json.Nodes;
using Deskbridge.Core.Connections;

namespace Deskbridge.Features.Connections;

/// <summary>
/// A connection as it is sent. <paramref name="Kind"/> counts at creation only. <paramref name="Settings"/> are those of the kind
/// (see /connectors), by name. A null or missing member leaves the value as it is.
/// </summary>
internal sealed record ConnectionBody(string? Kind, string? Name, string? Description, Guid? TeamId, JsonObject? Settings)
{
    public ConnectionDraft ToDraft() => new() { Name = Name, Description = Description, TeamId = TeamId, Settings = Settings };
}

/// <summary>What a long run is asked for beside its kind; counts for the kinds named.</summary>
/// <param name="DeleteFields">Remove: custom fields go too, with every value they hold.</param>
/// <param name="ConfirmedTickets">Remove: how many tickets hold a value in them, as GET /connections/{id} tells.</param>
/// <param name="ConfirmSecond">Install: run beside another connection to the same system, as sameSystem of GET /connections/{id} names it.</param>
/// <param name="Adopt">Install: use custom fields and rules that were there before, as the steps "adopts" of a dry run name them.</param>
internal sealed record RunBody(bool DeleteFields = false, int ConfirmedTickets = 0, bool ConfirmSecond = false, bool Adopt = false);
