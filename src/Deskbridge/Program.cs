using Deskbridge.Cli;

return await CommandLine.RunAsync(args);
