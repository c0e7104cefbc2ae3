using System.CommandLine;
using Deskbridge.Bench;

var scenarios = new Dictionary<string, Func<Run, Task>>(StringComparer.Ordinal)
{
    ["start"] = Quiet.StartAsync,
    ["idle"] = Quiet.IdleAsync,
    ["many"] = ManyAtOnce.ByPollAsync,
    ["many-callback"] = ManyAtOnce.ByCallbackAsync,
    ["trickle"] = Trickle.ByPollAsync,
    ["trickle-callback"] = Trickle.ByCallbackAsync,
    ["cpu"] = CpuPerTicket.RunAsync,
    ["rules"] = RuleEvaluation.RunAsync,
    ["autotask"] = AutotaskCalls.RunAsync,
    ["links"] = Quiet.ManyLinksAsync,
};

var which = new Argument<string[]>("scenario") { Description = $"What to measure: {string.Join(", ", scenarios.Keys)}; all of them when none is named", DefaultValueFactory = _ => [.. scenarios.Keys] };
which.AcceptOnlyFromAmong([.. scenarios.Keys]);
var hub = new Option<string>("--hub") { Description = "Folder of the published hub", Required = true };
var tickets = new Option<int>("--tickets") { Description = "Tickets at once", DefaultValueFactory = _ => 5000 };
var warmUp = new Option<int>("--warm-up") { Description = "Tickets before measuring", DefaultValueFactory = _ => 1000 };
var seconds = new Option<int>("--seconds") { Description = "How long a trickle or an idle phase lasts", DefaultValueFactory = _ => 60 };
var perSecond = new Option<int>("--per-second") { Description = "Tickets a second of a trickle", DefaultValueFactory = _ => 10 };
var root = new RootCommand("Measures the published hub beside its floor.") { which, hub, tickets, warmUp, seconds, perSecond };
root.SetAction(async (parsed, cancel) =>
{
    var folder = Directory.CreateTempSubdirectory("deskbridge-bench-");
    try
    {
        var run = new Run(
            Path.Combine(Path.GetFullPath(parsed.GetRequiredValue(hub)), "deskbridge"),
            folder,
            parsed.GetRequiredValue(tickets),
            parsed.GetRequiredValue(warmUp),
            parsed.GetRequiredValue(seconds),
            parsed.GetRequiredValue(perSecond));
        Print.Title($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, .NET {Environment.Version}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        foreach (var name in parsed.GetRequiredValue(which)) await scenarios[name](run);
        return 0;
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});

// The floor, as a program of its own; the bench starts it.
List<Argument<string>> arguments = [new("psa"), new("authorization"), new("clientId"), new("webhook"), new("file")];
var floor = new Command("floor") { Hidden = true };
arguments.ForEach(floor.Add);
floor.SetAction((parsed, cancel) =>
{
    var given = arguments.ConvertAll(argument => parsed.GetRequiredValue(argument));
    return Floor.RunAsync(new Uri(given[0]), given[1], given[2], new Uri(given[3]), given[4], cancel);
});
root.Add(floor);
return await root.Parse(args).InvokeAsync();
