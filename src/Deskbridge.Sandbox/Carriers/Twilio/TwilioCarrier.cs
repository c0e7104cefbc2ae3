using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>Twilio as a whole: the account with its API, and the phones it reaches.</summary>
internal sealed class TwilioCarrier : IAsyncDisposable
{
    private readonly WebhookSender _webhooks;
    private readonly BackgroundWork _work;
    private readonly TwilioEndpoints _endpoints;
    private readonly PhoneControl _control;

    public TwilioCarrier(TwilioAccount account, FaultList faults, TimeProvider clock, CancellationToken stopping)
    {
        _webhooks = new WebhookSender(account, faults, stopping);
        _work = new BackgroundWork(stopping);
        var sms = new SmsDesk(account, _webhooks, faults);
        var calls = new CallDesk(account, _webhooks, faults, clock, stopping);
        _endpoints = new TwilioEndpoints(account, sms, calls, _work, faults, clock);
        _control = new PhoneControl(account, sms, calls, _webhooks);
    }

    public void Map(IEndpointRouteBuilder app, RouteGroupBuilder control)
    {
        _endpoints.Map(app);
        _control.Map(control);
    }

    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync();
        _webhooks.Dispose();
    }
}
