using Deskbridge.Connectors;
using Deskbridge.Connectors.ConnectWise;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Bench;

/// <summary>The hub's own evaluation of the vendor's rules, in this process: one ticket against the three events of the default rules.</summary>
internal static class RuleEvaluation
{
    private const int Rounds = 20_000;

    private static readonly InboundEvent[] Events =
    [
        new("1", InboundEventKind.Raise, "Trigger", "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours"),
        new("2", InboundEventKind.Close, "Update", "Ticket is in Closed (resolved) status and Ticket Actual Age is less than 360 hours and Signl4Retrieved_c is true"),
        new("3", InboundEventKind.Acknowledge, "Update", "Ticket is in In Progress (plan of action) status and Ticket Actual Age is less than 360 hours and Signl4Retrieved_c is true"),
    ];

    public static async Task RunAsync(Run run)
    {
        Print.Title($"Rule evaluation, {Rounds:N0} tickets against {Events.Length} events");
        await using var sandbox = await Sandbox.StartAsync(run.Program, run.NewFolder("sandbox"));
        using var connector = Connector(sandbox);
        var evaluator = (IReadsRules)connector;
        var body = await sandbox.FirstTicketAsync();
        var now = TimeProvider.System.GetUtcNow();
        var markers = new MarkerAnswers(false, "", "");
        Evaluate(Rounds / 10);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = TimeProvider.System.GetTimestamp();
        var held = Evaluate(Rounds);
        var took = TimeProvider.System.GetElapsedTime(began);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Print.Line("tickets a second, parsing included", $"{Rounds / took.TotalSeconds:N0}");
        Print.Line("a ticket", $"{took.TotalMicroseconds / Rounds:0.0} µs, {allocated / (double)Rounds / 1024:0.0} kB allocated ({held / (double)Rounds:0.0} events held)");
        RuleRate.Measure(evaluator, ((IReadsTickets)connector).ParseTicket(body));

        int Evaluate(int rounds)
        {
            var sum = 0;
            for (var i = 0; i < rounds; i++)
            {
                var ticket = ((IReadsTickets)connector).ParseTicket(body);
                sum += Events.Count(inbound => evaluator.Evaluate(inbound, ticket, markers, now).Holds);
            }

            return sum;
        }
    }

    private static IConnector Connector(Sandbox sandbox)
    {
        using var services = new ServiceCollection().AddConnectWise().BuildServiceProvider();
        var type = services.GetServices<IConnectorType>().First();
        var options = Activator.CreateInstance(type.OptionsType)!;
        foreach (var (name, value) in ((string, string)[])
            [("InstanceUri", sandbox.Url.ToString()), ("CompanyId", sandbox.CompanyId), ("PublicKey", sandbox.PublicKey), ("PrivateKey", sandbox.PrivateKey), ("ClientId", sandbox.ClientId)])
            type.OptionsType.GetProperty(name)!.SetValue(options, value);
        return type.Create(new ConnectorContext(Guid.Empty, options, new Dictionary<string, string>(), TimeProvider.System, OpenGate.Instance));
    }

    /// <summary>No call is made here, so none is held back.</summary>
    private sealed class OpenGate : ICallGate
    {
        public static OpenGate Instance { get; } = new();

        public ValueTask EnterAsync(CallClass callClass, CancellationToken cancel) => ValueTask.CompletedTask;

        public void Report(CallOutcome outcome)
        {
        }
    }
}
