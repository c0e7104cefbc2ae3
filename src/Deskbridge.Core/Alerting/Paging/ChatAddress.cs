namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// The addresses by which Teams and Slack take messages. Whoever knows one may post, so it is a secret: stored encrypted, never shown or logged.
/// Which hosts there are stands here and nowhere else.
/// </summary>
internal static class ChatAddress
{
    private const string TeamsExample = "https://….environment.api.powerplatform.com/powerautomate/automations/direct/workflows/…/triggers/manual/paths/invoke?…&sig=…";
    private const string SlackExample = "https://hooks.slack.com/services/T…/B…/…";

    /// <summary>
    /// Where Power Automate takes the calls of workflows, the older and the newer hosts of the public and the national clouds
    /// (learn.microsoft.com/power-automate/ip-address-configuration, "Allow users on your network to use Power Automate").
    /// </summary>
    private static readonly string[] WorkflowHosts =
    [
        ".logic.azure.com", ".api.powerplatform.com",
        ".logic.azure.us", ".api.gov.powerplatform.microsoft.us", ".api.high.powerplatform.microsoft.us", ".api.appsplatform.us",
        ".logic.azure.cn", ".api.powerplatform.partner.microsoftonline.cn",
    ];

    /// <summary>Hosts of the connectors that Workflows replaced (learn.microsoft.com/microsoftteams/platform, "Create and send messages").</summary>
    private static readonly string[] RetiredHosts = [".webhook.office.com", "outlook.office.com", "outlook.office365.com"];

    /// <summary>Slack and its cloud for United States authorities (docs.slack.dev, "Sending messages using incoming webhooks"; docs.slack.dev/govslack).</summary>
    private static readonly string[] SlackHosts = ["hooks.slack.com", "hooks.slack-gov.com"];

    /// <summary>Whether the address of such a channel is a secret.</summary>
    public static bool IsSecret(ChannelKind kind) => kind is ChannelKind.Teams or ChannelKind.Slack;

    /// <summary>Why an address cannot be one of this kind, with the way to a right one; null when it can. The address is never repeated.</summary>
    public static string? Problem(ChannelKind kind, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            return $"This is not a web address. Enter the whole one, such as {(kind == ChannelKind.Teams ? TeamsExample : SlackExample)}.";
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0) return "The address holds a user name or a part after #. Copy it again as it was given.";
        if (url.Scheme != "https" && !url.IsLoopback) return "The address must begin with https://: whoever reads it on the way could post in your place.";
        return kind == ChannelKind.Teams ? TeamsProblem(url) : SlackProblem(url);
    }

    private static string? TeamsProblem(Uri url)
    {
        if (IsAt(url, RetiredHosts))
            return "This is the address of an Office 365 connector, which Microsoft has retired. In Teams open the channel's Workflows, choose \"Send webhook alerts to a channel\" and enter the address that it gives.";
        if (!url.IsLoopback && (!IsAt(url, WorkflowHosts) || url.Port != 443))
            return $"{url.Authority} does not take calls for Teams workflows: those are at {string.Join(", ", WorkflowHosts.Select(host => "*" + host))}. For any other receiver add a channel of the kind Webhook.";
        if (!url.AbsolutePath.Contains("/workflows/", StringComparison.OrdinalIgnoreCase) || !url.AbsolutePath.Contains("/triggers/", StringComparison.OrdinalIgnoreCase))
            return $"The address leads to no workflow. Copy the whole one from the workflow's trigger, such as {TeamsExample}.";
        return url.Query.Contains("sig=", StringComparison.Ordinal) ? null
            : "The address lacks its signature (sig=…), so only people of your own tenant could use it. Set the trigger's \"Who can trigger the flow?\" to Anyone and copy the address again.";
    }

    private static string? SlackProblem(Uri url)
    {
        if (!url.IsLoopback && (!SlackHosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase) || url.Port != 443))
            return $"{url.Authority} is not where Slack takes messages: that is {string.Join(" or ", SlackHosts)}. For any other receiver add a channel of the kind Webhook.";
        if (url.AbsolutePath.StartsWith("/workflows/", StringComparison.Ordinal) || url.AbsolutePath.StartsWith("/triggers/", StringComparison.Ordinal))
            return $"This address starts a Slack workflow, which takes no ready message. Add an incoming webhook to your Slack app and enter its address, such as {SlackExample}.";
        return url.AbsolutePath.Split('/') is ["", "services", { Length: > 0 }, { Length: > 0 }, { Length: > 0 }] ? null
            : $"The address is not whole. Copy the webhook's address from your Slack app, such as {SlackExample}.";
    }

    private static bool IsAt(Uri url, string[] hosts) =>
        hosts.Any(host => host[0] == '.' ? url.IdnHost.EndsWith(host, StringComparison.OrdinalIgnoreCase) : url.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase));
}
