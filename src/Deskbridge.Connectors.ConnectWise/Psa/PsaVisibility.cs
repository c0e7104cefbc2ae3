using System.Globalization;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>What the API member sees (S10), and which boards it does not see although the rules or the settings name them.</summary>
internal sealed class PsaVisibility(PsaClient client, ConnectWisePsaOptions options, IReadOnlyDictionary<string, string> installed, PsaRuleReader reader)
{
    /// <summary>Each board costs a call; the first, in id order, are those that were there before the hub.</summary>
    private const int CountedBoards = 40;

    private const string NotSeen = "It is on another location or business unit than the member may see, excluded for it, inactive, or does not exist. Compare the board (Setup Tables > Service Board) with the member (System > Members > API Members), or correct";

    /// <summary>Looks; null when a right is missing to do so, which the rights tell.</summary>
    /// <param name="me">The member's own record.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<Visibility?> ReadAsync(JsonElement me, CancellationToken cancel)
    {
        try
        {
            var boards = await PsaBoards.ReadAsync(client, cancel);
            var seen = new List<SeenBoard>();
            foreach (var board in boards) seen.Add(new(board.Name ?? "", board.Location?.Name, board.Department?.Name ?? board.Department?.Identifier, seen.Count < CountedBoards ? await CountAsync(board.Id ?? 0, cancel) : null));
            var source = installed.Count > 0 ? await PsaRuleSource.ReadAsync(client, options, installed, cancel) : new(null, null, null);
            return new(
                Name(me, "defaultLocation"), Name(me, "defaultDepartment"), Name(me, "serviceDefaultBoard"), seen,
                [.. boards.Count == 0 ? ["The API member sees no service board at all. " + NotSeen + " the member."] : Array.Empty<string>(), .. Unseen(source, boards)]);
        }
        catch (ConnectorRejectedException)
        {
            return null;
        }
    }

    /// <summary>Boards by name or id that conditions and settings ask for and that are not among those seen.</summary>
    private IEnumerable<string> Unseen(PsaRuleSource source, IReadOnlyList<BoardDto> boards)
    {
        foreach (var rule in new[] { source.Trigger, source.Update, source.Write }.OfType<RuleSnapshot>())
        {
            foreach (var board in rule.Events.SelectMany(one => Named(one.Condition)).Distinct(StringComparer.OrdinalIgnoreCase).Where(board => !Sees(board, boards)))
                yield return $"The rule '{rule.Name}' names the board '{board}', which the API member does not see. {NotSeen} the rule.";
        }

        foreach (var (rule, board) in MovedTo(source).Where(moved => boards.All(known => PsaMap.Number(known.Id) != moved.Board.Id)))
            yield return $"An action of the rule '{rule}' moves tickets to the board '{board.Name}', which the API member does not see, so they are out of its sight afterwards. {NotSeen} the rule.";

        foreach (var board in options.BoardStatuses.Select(chosen => chosen.Board).DistinctBy(board => board.Id).Where(board => boards.All(known => PsaMap.Number(known.Id) != board.Id)))
            yield return $"A status is chosen for the board '{board.Name}', which the API member does not see. {NotSeen} Status by board.";
    }

    /// <summary>The boards that the actions which are carried out move a ticket to.</summary>
    private IEnumerable<(string Rule, RemoteRef Board)> MovedTo(PsaRuleSource source)
    {
        var book = reader.Understand(source);
        return book.OnAcknowledge.Concat(book.OnClose).Where(action => action.Field == TicketFields.Board).Select(action => (action.Rule, action.Value)).DistinctBy(moved => moved.Value.Id);
    }

    /// <summary>What a condition wants a board to be; what it must not be, nobody needs to see.</summary>
    private IEnumerable<string> Named(string condition) => reader.Parse(condition).Expression is not { } expression ? [] : RuleText.Clauses(expression).SelectMany(clause => clause switch
    {
        TriggerClause { Pattern: { Subject: RuleSubject.Board, Test: RuleTest.Is } } trigger => [trigger.Value],
        FieldClause { Operator: FieldOperator.Equal or FieldOperator.In } field when field.Path.Equals("board/name", StringComparison.OrdinalIgnoreCase) || field.Path.Equals("board/id", StringComparison.OrdinalIgnoreCase)
            => field.Values.Select(value => value.Text),
        _ => Array.Empty<string>(),
    });

    private static bool Sees(string board, IReadOnlyList<BoardDto> boards) =>
        boards.Any(known => string.Equals(known.Name?.Trim(), board.Trim(), StringComparison.OrdinalIgnoreCase) || PsaMap.Number(known.Id) == board);

    private static string? Name(JsonElement me, string member) => PsaMap.Text(PsaMap.Member(me, member), "name");

    private async Task<int?> CountAsync(int board, CancellationToken cancel)
    {
        var open = new Conditions().Equal("board/id", board).Equal("closedFlag", false);
        var answer = await client.GetAsync("service/tickets/count", cancel, new() { Conditions = open });
        return int.TryParse(PsaMap.Text(answer, "count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
    }
}
