using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Publishes to an ntfy topic as JSON at the server's root (docs.ntfy.sh, "Publish as JSON").</summary>
internal sealed class NtfyCarrier(CarrierHttp http) : IPageCarrier
{
    /// <summary>Longer messages would become attachments.</summary>
    private const int LargestMessage = 4096;
    private const int Urgent = 5;
    private const int Normal = 3;

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Ntfy;

    /// <inheritdoc/>
    public async Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel)
    {
        if (Split(address.Address) is not var (server, topic)) return new PageOutcome.PermFail($"{address.Address} is not the address of an ntfy topic.");
        using var request = new HttpRequestMessage(HttpMethod.Post, server);
        request.Content = JsonContent.Create(new Publication(
            topic,
            message.Title,
            Fit(message.Text.Length > 0 ? message.Text : message.Title),
            message.IsTest ? Normal : Urgent,
            [message.IsTest ? "test_tube" : "rotating_light"],
            message.Url is { } url ? $"{url}?d={message.DeliveryId}" : null));
        request.Headers.Add("X-Deskbridge-Delivery", message.DeliveryId.ToString());
        if (address.Secret.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", address.Secret);

        CarrierAnswer answer;
        try
        {
            answer = await http.SendAsync(request, cancel);
        }
        catch (HttpRequestException failure)
        {
            return CarrierHttp.NoAnswer(failure, "The ntfy server");
        }

        return answer.IsSuccess ? new PageOutcome.Accepted(IdOf(answer.Body), "The ntfy server took it.") : CarrierHttp.Refusal(answer, "The ntfy server");
    }

    /// <summary>Server and topic of a topic's address: the topic is the last part of the path.</summary>
    public static (Uri Server, string Topic)? Split(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return null;
        var path = uri.AbsolutePath.TrimEnd('/');
        var topic = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        return topic.Length == 0 ? null : (new Uri(uri, path[..(path.LastIndexOf('/') + 1)]), topic);
    }

    /// <summary>Cut to what fits into a message, between characters.</summary>
    private static string Fit(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LargestMessage) return text;
        var size = "…"u8.Length;
        var fit = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            size += rune.Utf8SequenceLength;
            if (size > LargestMessage) break;
            fit.Append(rune);
        }

        return fit.Append('…').ToString();
    }

    private static string? IdOf(string body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Publication(string Topic, string Title, string Message, int Priority, string[] Tags, string? Click);
}
