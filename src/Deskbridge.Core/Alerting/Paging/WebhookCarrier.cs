using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Posts a page to a webhook, signed as Standard Webhooks says (standardwebhooks.com); the message id is the delivery id.</summary>
internal sealed class WebhookCarrier(CarrierHttp http) : IPageCarrier
{
    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Webhook;

    /// <inheritdoc/>
    public async Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address.Address, UriKind.Absolute, out var url)) return new PageOutcome.PermFail($"{address.Address} is not an address.");
        if (WebhookSignature.Key(address.Secret) is not { } key)
            return new PageOutcome.PermFail("The channel has no usable signing secret. Enter one that begins with whsec_, or let the hub make one.");

        var id = message.DeliveryId.ToString();
        var body = Json.Write(new WebhookBody(message));
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", message.At.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(key, id, message.At, body));

        CarrierAnswer answer;
        try
        {
            answer = await http.SendAsync(request, cancel);
        }
        catch (HttpRequestException failure)
        {
            return CarrierHttp.NoAnswer(failure, "The webhook");
        }

        return answer switch
        {
            { IsSuccess: true } => new PageOutcome.Accepted(null, $"The webhook answered {(int)answer.Status}."),
            { Status: HttpStatusCode.Gone } => new PageOutcome.PermFail(
                "The webhook answered 410: it is gone. The channel was switched off; enter a new address and switch it on again.", Gone: true),
            _ => CarrierHttp.Refusal(answer, "The webhook"),
        };
    }

    private sealed record WebhookBody(string Type, DateTimeOffset Timestamp, WebhookData Data)
    {
        public WebhookBody(PageMessage message)
            : this(message.IsTest ? "alert.test" : "alert.page", message.At, new WebhookData(
                message.DeliveryId,
                message.IsTest ? null : message.AlertId,
                message.Episode,
                message.Repeat,
                message.Title,
                message.Text,
                message.Url,
                message.Status,
                message.Person))
        {
        }
    }

    private sealed record WebhookData(
        Guid DeliveryId, Guid? AlertId, int Episode, int Repeat, string Title, string Text, Uri? Url, string Status, PagePerson Person);
}
