using System.Globalization;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Puts a page into words.</summary>
internal static class PageText
{
    private const string NoAddress = "There is no link to the alert because the public address of the hub is not set. An administrator sets it under Settings.";

    /// <summary>The page of an alert.</summary>
    public static PageMessage Of(Alert alert, Page page, Person person, string? publicUrl, DateTimeOffset now)
    {
        var warning = page.Step == Page.WarningStep;
        var url = AlertUrl(publicUrl, alert.Id);
        string?[] lines =
        [
            alert.Text.Length > 0 ? WrittenInstants.InZone(alert.Text, person.TimeZone) : null,
            warning ? "Nobody could be paged for this alert. It pages as soon as somebody on duty can be reached." : null,
            page.Repeat > 1 ? $"Page {page.Repeat}: nobody has acknowledged yet." : null,
            url is null ? NoAddress : null,
        ];
        return new PageMessage
        {
            DeliveryId = page.Id,
            AlertId = alert.Id,
            Episode = page.Episode,
            Repeat = page.Repeat,
            Title = OneLine(warning ? $"Nobody on duty: {alert.Title}" : alert.Title),
            Text = string.Join("\n\n", lines.Where(line => line is not null)),
            Url = url,
            Status = AlertWords.Of(alert.Status),
            Since = WrittenInstants.InZone(string.Create(CultureInfo.InvariantCulture, $"{alert.RaisedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC"), person.TimeZone),
            Person = new PagePerson(person.Id, person.Name, person.Email),
            At = now,
        };
    }

    /// <summary>The message a person sends to their own channel to try it out.</summary>
    public static PageMessage Test(Guid deliveryId, Person person, string? publicUrl, DateTimeOffset now) => new()
    {
        DeliveryId = deliveryId,
        AlertId = Guid.Empty,
        Episode = 0,
        Repeat = 0,
        Title = "Test message from Deskbridge",
        Text = $"This is a test for {person.Name}. Nothing is wrong; pages will look like this."
            + (Address(publicUrl) is null ? "\n\n" + NoAddress : ""),
        Url = Address(publicUrl),
        Status = "test",
        Person = new PagePerson(person.Id, person.Name, person.Email),
        At = now,
        IsTest = true,
    };

    /// <summary>The address of an alert's page; null when the hub's public address is not set or no address.</summary>
    public static Uri? AlertUrl(string? publicUrl, Guid alertId) =>
        Address(publicUrl) is { } root ? new Uri(root.AbsoluteUri.TrimEnd('/') + "/alerts/" + alertId) : null;

    private static Uri? Address(string? publicUrl) =>
        Uri.TryCreate(publicUrl, UriKind.Absolute, out var root) && root.Scheme is "http" or "https" ? root : null;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
