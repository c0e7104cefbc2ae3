namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Stable roles of what is installed; a child's role begins with its parent's.</summary>
internal static class PsaRoles
{
    public const string TriggerRule = "rule.trigger";
    public const string UpdateRule = "rule.update";
    public const string WriteRule = "rule.write";
    public const string RaiseEvent = TriggerRule + ".raise";
    public const string ReentryEvent = TriggerRule + ".reserved1";
    public const string RetrievedEvent = TriggerRule + ".reserved2";
    public const string CloseEvent = UpdateRule + ".close";
    public const string AcknowledgeEvent = UpdateRule + ".acknowledge";
    public const string WriteAcknowledgeEvent = WriteRule + ".acknowledge";
    public const string WriteCloseEvent = WriteRule + ".close";
    public const string AcknowledgeAction = WriteAcknowledgeEvent + ".status";
    public const string CloseAction = WriteCloseEvent + ".status";
}
