namespace Deskbridge.Api;

/// <summary>The shape of every list.</summary>
/// <param name="Items">This page's items.</param>
/// <param name="Next">Pass as <c>cursor</c> to get the next page; null on the last one.</param>
internal sealed record ListOf<T>(IReadOnlyList<T> Items, string? Next = null);
