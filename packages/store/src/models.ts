import { AppError, type EpochMs, type Model, toEpochMs } from '@candlecast/domain';
import type { Model as ModelRecord, Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';

/** Inserts the model or returns the one with the same name and version. */
export async function saveModel(prisma: PrismaClient, model: Omit<Model, 'id' | 'createdAt'>): Promise<Model> {
  const { name, version, trainedFrom, trainedThrough, card, ...facts } = model;
  const where = { name_version: { name, version } };
  const known = await prisma.model.findUnique({ where });
  if (known) return toModel(known);
  // Another process may store it at the same time, which Prisma's upsert refuses as a duplicate.
  const record = {
    ...{ name, version, ...facts },
    trainedFrom: toDate(trainedFrom),
    trainedThrough: toDate(trainedThrough),
    card: card as Prisma.InputJsonObject,
  };
  await prisma.model.createMany({ data: [record], skipDuplicates: true });
  return toModel(await prisma.model.findUniqueOrThrow({ where }));
}

/** Returns all models, oldest first. */
export async function findModels(prisma: PrismaClient): Promise<Model[]> {
  return (await prisma.model.findMany({ orderBy: { id: 'asc' } })).map(toModel);
}

/** Returns the model of that id. */
export async function findModel(prisma: PrismaClient, id: number): Promise<Model | undefined> {
  const record = await prisma.model.findUnique({ where: { id } });
  return record ? toModel(record) : undefined;
}

function toModel({ trainedFrom, trainedThrough, createdAt, card, ...facts }: ModelRecord): Model {
  if (card === null || typeof card !== 'object' || Array.isArray(card)) {
    throw new AppError('model_broken', `the card of model ${facts.id} is not an object`);
  }
  return {
    ...facts,
    trainedFrom: toTime(trainedFrom),
    trainedThrough: toTime(trainedThrough),
    createdAt: toEpochMs(createdAt.getTime()),
    card,
  };
}

function toDate(time: EpochMs | null): Date | null {
  return time === null ? null : new Date(time);
}

function toTime(date: Date | null): EpochMs | null {
  return date === null ? null : toEpochMs(date.getTime());
}
