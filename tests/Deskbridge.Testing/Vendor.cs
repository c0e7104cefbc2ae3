namespace Deskbridge.Testing;

/// <summary>Whose system is simulated; what holds for each is tried on each.</summary>
public enum Vendor
{
    /// <summary>Rules and marker fields in the system, statuses of their own on each board, schedule entries and files.</summary>
    ConnectWise,

    /// <summary>A mapping of statuses in place of rules, no marker fields, the same statuses everywhere, and only the id in answer to a write.</summary>
    Autotask,
}
