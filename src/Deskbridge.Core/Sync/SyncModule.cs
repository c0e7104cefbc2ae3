using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Core.Sync;

/// <summary>Wires the sync engine.</summary>
public static class SyncModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the engine and its pump.</summary>
        public IServiceCollection AddSync()
        {
            services.AddSingleton(new SyncOptions());
            services.AddSingleton(new SyncSafeties());
            services.AddSingleton(new AlertSafeties());
            services.AddSingleton<LinkFactory>();
            services.AddSingleton<ObservationBook>();
            services.AddSingleton<ITicketAttachment, AlertReconciler>();
            services.AddSingleton<RaiseHeldTickets>();
            services.AddSingleton<AlertWork>();
            services.AddSingleton<TicketPoller>();
            services.AddSingleton<TicketWorker>();
            services.AddSingleton<TicketSweep>();
            services.AddSingleton<DetailReader>();
            services.AddSingleton<CallbackIntake>();
            services.AddSingleton<AbandonedClaims>();
            services.AddSingleton<EffectClaims>();
            services.AddSingleton<EffectLedger>();
            services.AddSingleton<CustomFieldTrial>();
            services.AddSingleton<FieldSender>();
            services.AddSingleton<ChildSender>();
            services.AddSingleton<EffectSender>();
            services.AddHostedService<SyncPump>();
            return services;
        }
    }
}
