Console.WriteLine("shardstore");
