using Deskbridge.Core.Connections.Members;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quartz;

namespace Deskbridge.Core.Connections;

/// <summary>Wires connections. Needs the hub's data, the engine, alerting, an <c>ISecretProtector</c> and the connector types.</summary>
public static class ConnectionsModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds connections.</summary>
        /// <param name="shared">The database that keeps the schedules, when hubs share it; without it they are kept in memory.</param>
        /// <param name="node">This hub among them.</param>
        public IServiceCollection AddHubConnections(HubDatabase? shared = null, ThisNode? node = null)
        {
            services.AddOptions<ConnectionsOptions>().BindConfiguration("Connections").ValidateOnStart();
            services.AddSingleton<IValidateOptions<ConnectionsOptions>, ConnectionsOptionsValidator>();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<ConnectorCatalog>();
            services.AddSingleton<StoredSettings>();
            services.AddSingleton<ConnectionChanges>();
            services.AddSingleton<CallBudgets>();
            services.AddSingleton<TaskLog>();
            services.AddSingleton<ConnectorPool>();
            services.AddSingleton<ConnectionMonitor>();
            services.AddSingleton<ConnectionQueries>();
            services.AddSingleton<ConnectionQueues>();
            services.AddSingleton<CreateConnection>();
            services.AddSingleton<SameSystem>();
            services.AddSingleton<ChangeConnection>();
            services.AddSingleton<SetConnectionState>();
            services.AddSingleton<AnswerDeletion>();
            services.AddSingleton<WriteReview>();
            services.AddSingleton<LookAtTicket>();
            services.AddSingleton<ReplayEvent>();
            services.AddSingleton<CallbackHeal>();
            services.AddSingleton<MemberBook>();
            services.AddSingleton<RightsBook>();
            services.AddSingleton<SwitchKeys>();
            services.AddSingleton<RightsWatch>();
            services.AddSingleton<RuleQueries>();
            services.AddSingleton<ExplainTicket>();
            services.AddSingleton<RulePreview>();
            services.AddSingleton<RuleForce>();
            services.AddSingleton<LawCheck>();
            services.AddSingleton<MappingLaws>();
            services.AddSingleton<BoardStatuses>();
            services.AddSingleton<RemoteAnswers>();
            services.AddSingleton<AskRules>();
            services.AddSingleton<RefreshRules>();
            services.AddSingleton<ConfirmRuleChange>();
            services.AddSingleton<OpenRules>();
            services.AddSingleton<RuleValueLists>();
            services.AddSingleton<CheckRuleEvent>();
            services.AddSingleton<SaveRuleEvent>();
            services.AddSingleton<RuleTriggers>();
            services.AddSingleton<GoLive>();
            services.AddSingleton<RemovalPreview>();
            services.AddSingleton<RemovalRule>();
            services.AddSingleton<IRun, RunTest>();
            services.AddSingleton<IRun, RunDryRun>();
            services.AddSingleton<IRun, RunInstall>();
            services.AddSingleton<IRun, RunSync>();
            services.AddSingleton<IRun, RunRemove>();
            services.AddSingleton<IRun, RunPreview>();
            services.AddSingleton<ConnectionRuns>();
            services.AddSingleton<QueueGauges>();
            services.AddSingleton<SilenceAlarm>();
            services.AddSingleton<ConnectionSchedules>();
            services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true); // first, so that it ends after those who schedule on it
            services.AddHostedService(provider => provider.GetRequiredService<ConnectionSchedules>());
            services.AddHostedService<ClockWatch>();
            services.AddTransient<ConnectionJob>();
            services.AddQuartz(quartz => quartz.KeepSchedules(shared, node));
            return services;
        }
    }
}
