using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>Wires the sync engine. Needs the hub's data, connections, and an <see cref="ITicketAttachment"/> that says what a ticket means.</summary>
public static class SyncModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the engine and its pump.</summary>
        public IServiceCollection AddSync()
        {
            services.AddSingleton(new SyncOptions());
            services.AddOptions<SyncLeases>().BindConfiguration("Sync").ValidateOnStart();
            services.AddSingleton<IValidateOptions<SyncLeases>, SyncLeaseRangesValidator>();
            services.AddSingleton<IValidateOptions<SyncLeases>, SyncLeasesValidator>();
            services.AddSingleton(new SyncSafeties());
            services.AddSingleton<LinkFactory>();
            services.AddSingleton<ObservationBook>();
            services.AddSingleton<FirstSight>();
            services.AddSingleton<PollWindows>();
            services.AddSingleton<PollPace>();
            services.AddSingleton<TicketPoller>();
            services.AddSingleton<SharedReads>();
            services.AddSingleton<TicketWorker>();
            services.AddSingleton<TicketSweep>();
            services.AddSingleton<MissingTickets>();
            services.AddSingleton<DeletionLog>();
            services.AddSingleton<DetailReader>();
            services.AddSingleton<CallbackIntake>();
            services.AddSingleton<EffectClaims>();
            services.AddSingleton<SentMarks>();
            services.AddSingleton<WriteConfirmations>();
            services.AddSingleton<EffectLedger>();
            services.AddSingleton<CustomFieldTrial>();
            services.AddSingleton<FieldSender>();
            services.AddSingleton<FailedSend>();
            services.AddSingleton<NoteEditSender>();
            services.AddSingleton<ChildSender>();
            services.AddSingleton<EffectSender>();
            services.AddHostedService<SyncPump>();
            return services;
        }
    }
}
