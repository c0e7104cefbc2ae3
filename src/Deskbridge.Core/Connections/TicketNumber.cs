using System.Globalization;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Rules;

namespace Deskbridge.Core.Connections;

/// <summary>A ticket's number as a person enters it.</summary>
internal static class TicketNumber
{
    private const int LongestEcho = 40;

    /// <summary>Reads the ticket that a person named, by its id or by the number that the remote system gives it beside that.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="tickets">Its connector.</param>
    /// <param name="entered">With or without #.</param>
    /// <param name="cancel">Ends the call.</param>
    public static async Task<Result<RemoteTicket>> ReadAsync(LiveConnection live, IReadsTickets tickets, string entered, CancellationToken cancel)
    {
        var number = entered.Trim().TrimStart('#');
        if (number.Length == 0 || number.Length > LongestEcho) return Unreadable(entered);
        var isId = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!isId && tickets is not INumbersTickets) return Unreadable(entered);
        var ticket = isId ? await tickets.ReadTicketAsync(number, cancel) : await ((INumbersTickets)tickets).FindTicketAsync(number, cancel);
        return ticket is null ? new TicketNotSeen(number, live.Connection.Name) : ticket;
    }

    private static InvalidFailure Unreadable(string entered)
    {
        var text = entered.Trim();
        return new("ticket", $"'{(text.Length > LongestEcho ? text[..LongestEcho] + "…" : text)}' is no ticket number. Enter its digits, for example 10031.");
    }
}
