using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting;

/// <summary>Wires alerting. Needs the database, a <see cref="TimeProvider"/> and an <see cref="Common.ISecretProtector"/>.</summary>
public static class AlertingModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds alerts, paging, teams and duty; options come from the section <c>Alerting</c>.</summary>
        public IServiceCollection AddAlerting()
        {
            services.AddOptions<AlertingOptions>().BindConfiguration("Alerting").ValidateOnStart();
            services.AddSingleton<IValidateOptions<AlertingOptions>, AlertingRangesValidator>();
            services.AddSingleton<IValidateOptions<AlertingOptions>, AlertingOptionsValidator>();

            services.AddSingleton<AlertTransitions>();
            services.AddSingleton<PersonTransition>();
            services.AddSingleton<AcknowledgeAlert>();
            services.AddSingleton<UnacknowledgeAlert>();
            services.AddSingleton<CloseAlert>();
            services.AddSingleton<ReopenAlert>();
            services.AddSingleton<AddAlertNote>();
            services.AddSingleton<EditAlertNote>();
            services.AddSingleton<TakeOverAlert>();
            services.AddSingleton<HubAlerts>();
            services.AddSingleton<MarkerFinding>();
            services.AddSingleton<ForeignMarkers>();
            services.AddSingleton<RefusalFinding>();
            services.AddSingleton<ConnectionFindings>();
            services.AddSingleton<AlertQueries>();

            services.AddSingleton<DutyShifts>();
            services.AddSingleton<SetSchedule>();
            services.AddSingleton<ScheduleQueries>();
            services.AddSingleton<PunchIn>();
            services.AddSingleton<PunchOut>();
            services.AddSingleton<CreateTeam>();
            services.AddSingleton<ChangeTeam>();
            services.AddSingleton<DeleteTeam>();
            services.AddSingleton<SetTeamMembers>();
            services.AddSingleton<TeamQueries>();
            services.AddSingleton<AlertsWithoutTeam>();

            services.AddSingleton<ChannelQueries>();
            services.AddSingleton<CreateChannel>();
            services.AddSingleton<ChangeChannel>();
            services.AddSingleton<DeleteChannel>();
            services.AddSingleton<TestChannel>();
            services.AddSingleton<TestMessages>();
            services.AddSingleton<TestPerson>();
            services.AddSingleton<TestTeam>();

            services.AddSingleton<CarrierHttp>();
            services.AddSingleton(_ => new SmtpSession());
            services.AddSingleton<HubMail>();
            services.AddSingleton<IPageCarrier, EmailCarrier>();
            services.AddSingleton<IPageCarrier, NtfyCarrier>();
            services.AddSingleton<IPageCarrier, WebhookCarrier>();
            services.AddSingleton<IPageCarrier, TeamsCarrier>();
            services.AddSingleton<IPageCarrier, SlackCarrier>();
            services.AddSingleton<TwilioAccounts>();
            services.AddSingleton<TwilioApi>();
            services.AddSingleton<TestTwilio>();
            services.AddSingleton<SmsCarrier>();
            services.AddSingleton<IPageCarrier>(provider => provider.GetRequiredService<SmsCarrier>());
            services.AddSingleton<SendNumberCode>();
            services.AddSingleton<ConfirmNumber>();
            services.AddSingleton<TakeSms>();
            services.AddSingleton<PageReceipts>();
            services.AddSingleton(provider => new PageTickets(provider.GetService<AlertWork>())); // absent where alerts stand on no tickets
            services.AddSingleton<PageDispatch>();
            services.AddSingleton<PageRows>();
            services.AddSingleton<ChainSteps>();
            services.AddSingleton<DueSteps>();
            services.AddSingleton<EscalateAlert>();
            services.AddSingleton<SetEscalation>();
            services.AddSingleton<EscalationQueries>();
            services.AddSingleton<PagePlanner>();
            services.AddSingleton<IUnattendedAlerts>(provider => provider.GetRequiredService<PagePlanner>());
            services.AddSingleton<PageLedger>();
            services.AddSingleton<PageSender>();
            services.AddHostedService<PageWorker>();
            return services;
        }

        /// <summary>Adds what alerts and tickets are to each other. Needs alerting, connections and the sync engine, which asks it what a ticket means.</summary>
        public IServiceCollection AddTicketAlerts()
        {
            services.AddSingleton(new AlertSafeties());
            services.AddSingleton<AlertFactory>();
            services.AddSingleton<ChildWriter>();
            services.AddSingleton<OwnerSchedule>();
            services.AddSingleton<ITicketAttachment, AlertReconciler>();
            services.AddSingleton<SentAlerts>();
            services.AddSingleton<ArrivedAlerts>();
            services.AddSingleton<SeekTicket>();
            services.AddSingleton<TakeIn>();
            services.AddSingleton<SetIntake>();
            services.AddSingleton<IntakeQueries>();
            services.AddSingleton<TestIntake>();
            services.AddSingleton<RaiseHeldTickets>();
            services.AddSingleton<RestoredData>();
            services.AddSingleton<AlertWork>();
            services.AddSingleton<AddAlertFile>();
            services.AddSingleton<SetTicketStatus>();
            return services;
        }
    }
}
